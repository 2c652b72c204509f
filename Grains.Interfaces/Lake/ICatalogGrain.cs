using Orleans.Concurrency;

namespace Banking.Lake;

/// <summary>
/// Registers the lake's days in the catalog where query engines look tables up. There is one in the cluster; two at once do no harm. Once
/// active it works by itself; calls only make it act sooner.
/// </summary>
[Alias("banking.catalog")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>The key of the only such grain.</summary>
    const string Key = "lake";

    /// <summary>
    /// Announces days that have a new file; days of unknown tables are ignored. Returns at once; an empty list only wakes the grain.
    /// </summary>
    [AlwaysInterleave, Alias("announce")]
    Task Announce(IReadOnlyList<LakeDay> days);

    /// <summary>Registers every day that is in the lake at the time of the call.</summary>
    /// <returns>One or more sentences saying why some days are not registered; null if all are.</returns>
    [AlwaysInterleave, Alias("flush")]
    Task<string?> Flush();

    /// <summary>
    /// What silos of earlier versions ask for: a switch to whatever a manifest names. It is refused; the day is compacted once all silos
    /// run the same version.
    /// </summary>
    /// <returns>A sentence saying why the day is left as it is.</returns>
    [AlwaysInterleave, Alias("switch")]
    Task<string?> Switch(LakeDay day, long basis, byte[] manifest);

    /// <summary>
    /// Makes queries read a day from where its rows were merged. The call may be repeated. No caller names a folder or a file: the place
    /// follows from the numbers.
    /// </summary>
    /// <param name="basis">The generation that was merged; 0 for the sink's own files.</param>
    /// <param name="draft">The number of what was merged.</param>
    /// <returns>A sentence saying why the day is left as it is; null if it is switched.</returns>
    [AlwaysInterleave, Alias("switch-draft")]
    Task<string?> SwitchDraft(LakeDay day, long basis, Guid draft);

    [AlwaysInterleave, Alias("status")]
    Task<CatalogStatus> GetStatus();
}

/// <summary>A day of a table.</summary>
/// <param name="Table">The name of one of the lake's tables; anything else is refused or ignored.</param>
[GenerateSerializer, Immutable, Alias("banking.lake-day")]
public sealed record LakeDay([property: Id(0)] string Table, [property: Id(1)] DateOnly Day);

/// <param name="Registered">Days of all tables that are known to be registered where the lake has them.</param>
/// <param name="Pending">Days that are in the lake but not known to be registered in the catalog.</param>
/// <param name="Failure">A sentence saying why the last attempt failed; null if it did not. It is tried again.</param>
/// <param name="Refusals">A sentence for each table that has one of the lake's names but belongs to somebody else, and for each day whose
/// manifests are lost. A person has to decide.</param>
[GenerateSerializer, Immutable, Alias("banking.catalog-status")]
public sealed record CatalogStatus(
    [property: Id(0)] int Registered, [property: Id(1)] int Pending, [property: Id(2)] string? Failure,
    [property: Id(3)] IReadOnlyList<string> Refusals);
