using Banking.Lake;

namespace Banking.Sink.Tests.Support;

internal sealed record FixedBank(string? BankId, DateTimeOffset? UnsignedUntil = null) : IBankIdentity;
