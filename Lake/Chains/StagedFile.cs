using Banking.Lake.Files;

namespace Banking.Lake.Chains;

/// <summary>A claim of a day that only waits for its rename.</summary>
internal sealed record StagedClaim(string Path, DateOnly Day);

/// <summary>A file, and the claim for it, that only wait for their renames.</summary>
/// <param name="From">How many of the buffer's rows were left out.</param>
/// <param name="Day">Claimed, unless somebody else's claim for the same start comes first.</param>
internal sealed record StagedFile(string Path, string ClaimPath, int From, DateOnly Day, FileFooter Footer)
{
    public long Bytes { get; init; }
}
