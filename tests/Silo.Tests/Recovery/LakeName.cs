using Banking.Lake;

namespace Banking.Silo.Tests.Recovery;

/// <summary>Which lake it is, as a test wants it.</summary>
internal sealed class LakeName : ILakeIdentity
{
    public string? Bank { get; set; }

    public string Lake { get; set; } = "the-lake";

    public Task<LakeIdentity?> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Bank is null ? null : new LakeIdentity(Lake, Bank));

    public Task<LakeIdentity> ClaimAsync(string? bankId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
