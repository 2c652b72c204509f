using Orleans.Concurrency;

namespace Banking.Lake;

/// <summary>
/// Registers the lake's days where query engines look tables up. One in the cluster; two at once do no harm. It works by itself once it is active; what it is
/// told only makes it hurry.
/// </summary>
[Alias("banking.catalog")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "lake";

    /// <summary>Days that have a new file. Returns at once; none at all only wakes the grain.</summary>
    [AlwaysInterleave, Alias("announce")]
    Task Announce(IReadOnlyList<LakeDay> days);

    /// <summary>Registers every day that is in the lake at the time of the call.</summary>
    /// <returns>Why not all are, a sentence or several; null if all are.</returns>
    [AlwaysInterleave, Alias("flush")]
    Task<string?> Flush();

    /// <summary>Has queries read a day from another folder, where its rows were merged. May be asked again for the same.</summary>
    /// <param name="basis">The generation that was merged.</param>
    /// <param name="manifest">What the day is afterwards.</param>
    /// <returns>Why the day is left as it is, a sentence; null if it is switched.</returns>
    [AlwaysInterleave, Alias("switch")]
    Task<string?> Switch(LakeDay day, long basis, byte[] manifest);

    [AlwaysInterleave, Alias("status")]
    Task<CatalogStatus> GetStatus();
}

/// <summary>A day's folder of a table.</summary>
[GenerateSerializer, Immutable, Alias("banking.lake-day")]
public sealed record LakeDay([property: Id(0)] string Table, [property: Id(1)] DateOnly Day);

/// <param name="Registered">Days that are known to be registered, of all tables.</param>
/// <param name="Pending">Days that are in the lake and not known to be registered.</param>
/// <param name="Failure">Why the last try failed, a sentence; null if it did not. It is tried again.</param>
/// <param name="Refusals">For each table of the lake's names that is somebody else's, a sentence. A person has to decide.</param>
[GenerateSerializer, Immutable, Alias("banking.catalog-status")]
public sealed record CatalogStatus(
    [property: Id(0)] int Registered, [property: Id(1)] int Pending, [property: Id(2)] string? Failure, [property: Id(3)] IReadOnlyList<string> Refusals);
