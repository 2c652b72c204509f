using System.Globalization;
using Banking.Lake;
using Banking.Lake.Tables;

namespace Banking.Silo.Lake;

/// <summary>The way to the grain that compacts the lake. Thread-safe.</summary>
internal sealed class LakeCompaction(IGrainFactory grains, TimeProvider time)
{
    public ICompactionGrain Grain => grains.GetGrain<ICompactionGrain>(ICompactionGrain.Key);

    /// <returns>The order, or a sentence saying what is wrong with it.</returns>
    public (CompactionOrder? Order, string? Problem) Read(string? table, string? day)
    {
        if (table is not null && LakeTables.All.All(known => known.Name != table))
            return (null, $"There is no table '{table}'; the tables are {string.Join(", ", LakeTables.All.Select(known => known.Name))}.");
        if (day is null) return (new CompactionOrder(table, null), null);
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
            return (null, $"day must be a day as yyyy-MM-dd, not '{day}'.");
        return parsed < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)
            ? (new CompactionOrder(table, parsed), null)
            : (null, "Only days before today (UTC) can be compacted: today's files are still being added to.");
    }
}
