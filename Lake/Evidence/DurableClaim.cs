using System.Globalization;

namespace Banking.Lake.Evidence;

/// <summary>
/// The offset below which everything is durable in every table and among the dead letters, as long as the lake has the files that this
/// relies on. Pure.
/// </summary>
/// <param name="Below">The offset.</param>
/// <param name="Tails">The least offsets at which the other tables' chains go on, e.g. <c>account_status=12;asset_prices=0</c>. A lake
/// whose chains end earlier lacks files: it is an older copy, or the files were never committed.</param>
public sealed record DurableClaim(long Below, string Tails)
{
    internal static string TailsOf(IEnumerable<(string Table, long NextStart)> tails) =>
        string.Join(';', tails.Select(tail => string.Create(CultureInfo.InvariantCulture, $"{tail.Table}={tail.NextStart}")));

    /// <summary>Whether the lake has everything that this claim relies on.</summary>
    /// <param name="nextStart">The offset at which each table's chain goes on now.</param>
    internal bool HoldsFor(IReadOnlyDictionary<string, long> nextStart)
    {
        foreach (var tail in Tails.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                tail.Split('=') is not [var table, var text]
                    || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var was))
            {
                return false;
            }
            if (nextStart.TryGetValue(table, out var now) && now < was) return false;
        }

        return true;
    }
}

/// <summary>What a partition's sink knew when it sealed a file; it is stored in the file's footer.</summary>
/// <param name="Mark">The newest record of the log, at or below the file's end, that the sink had looked at.</param>
/// <param name="Committed">What is durable with this file and the files that the other tables had committed by then.</param>
/// <param name="Sealed">The same with the files that they had sealed by then: a higher offset, if those files got into the lake.</param>
public sealed record SealEvidence(RecordMark Mark, DurableClaim Committed, DurableClaim Sealed);
