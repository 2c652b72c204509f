using Banking.Lake;

namespace Banking.Sink.Tests.Support;

internal sealed record FixedBank(string? BankId) : IBankIdentity;
