using Banking.Lake.Catalog;
using Banking.Lake.Files;
using Banking.Lake.Tables;

namespace Banking.Sink.Tests.Support;

internal static class CatalogDays
{
    /// <summary>Registers days at the sink's own folders.</summary>
    public static Task AddPartitionsAsync(
        this ILakeCatalog catalog, LakeTable table, IReadOnlyCollection<DateOnly> days, CancellationToken cancellationToken) =>
        catalog.AddPartitionsAsync(
            table, [.. days.Select(day => new PartitionPlace(day, LakePath.DayFolder(table, day), new Dictionary<string, string>()))],
            cancellationToken);

    /// <summary>The days that are registered, in order.</summary>
    public static async Task<IEnumerable<DateOnly>> ListDaysAsync(
        this ILakeCatalog catalog, LakeTable table, CancellationToken cancellationToken) =>
        (await catalog.ListPartitionsAsync(table, cancellationToken)).Keys.Order();
}
