using Orleans.Concurrency;

namespace Banking.Lake;

/// <summary>
/// Registers the lake's days where query engines look tables up. One in the cluster; two at once do no harm. It works by itself once it is
/// active; what it is told only makes it hurry.
/// </summary>
[Alias("banking.catalog")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "lake";

    /// <summary>
    /// Days that have a new file; those of no table of the lake are ignored. Returns at once; none at all only wakes the grain.
    /// </summary>
    [AlwaysInterleave, Alias("announce")]
    Task Announce(IReadOnlyList<LakeDay> days);

    /// <summary>Registers every day that is in the lake at the time of the call.</summary>
    /// <returns>Why not all are, a sentence or several; null if all are.</returns>
    [AlwaysInterleave, Alias("flush")]
    Task<string?> Flush();

    /// <summary>
    /// What silos of earlier versions ask for: a switch to whatever a manifest names. Is refused; the day is compacted when all silos are
    /// of one version.
    /// </summary>
    /// <returns>Why the day is left as it is, a sentence.</returns>
    [AlwaysInterleave, Alias("switch")]
    Task<string?> Switch(LakeDay day, long basis, byte[] manifest);

    /// <summary>
    /// Has queries read a day from where its rows were merged. May be asked again for the same. No caller names a folder or a file: the
    /// place follows from the numbers.
    /// </summary>
    /// <param name="basis">The generation that was merged; 0 for the sink's own files.</param>
    /// <param name="draft">The number of what was merged.</param>
    /// <returns>Why the day is left as it is, a sentence; null if it is switched.</returns>
    [AlwaysInterleave, Alias("switch-draft")]
    Task<string?> SwitchDraft(LakeDay day, long basis, Guid draft);

    [AlwaysInterleave, Alias("status")]
    Task<CatalogStatus> GetStatus();
}

/// <summary>A day of a table.</summary>
/// <param name="Table">One of the lake's tables, by its name; anything else is refused or ignored.</param>
[GenerateSerializer, Immutable, Alias("banking.lake-day")]
public sealed record LakeDay([property: Id(0)] string Table, [property: Id(1)] DateOnly Day);

/// <param name="Registered">Days that are known to be registered where the lake has them, of all tables.</param>
/// <param name="Pending">Days that are in the lake and not known to be registered there.</param>
/// <param name="Failure">Why the last try failed, a sentence; null if it did not. It is tried again.</param>
/// <param name="Refusals">For each table of the lake's names that is somebody else's, and each day whose manifests are lost, a sentence. A
/// person has to decide.</param>
[GenerateSerializer, Immutable, Alias("banking.catalog-status")]
public sealed record CatalogStatus(
    [property: Id(0)] int Registered, [property: Id(1)] int Pending, [property: Id(2)] string? Failure,
    [property: Id(3)] IReadOnlyList<string> Refusals);
