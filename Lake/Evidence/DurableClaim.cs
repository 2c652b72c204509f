using System.Globalization;

namespace Banking.Lake.Evidence;

/// <summary>
/// Below which offset everything is durable in every table and among the dead letters, where a lake has the files that this counts on.
/// Pure.
/// </summary>
/// <param name="Below">The offset.</param>
/// <param name="Tails">
/// Where the other tables' chains go on at the least, e.g. <c>account_status=12;asset_prices=0</c>. A lake whose chains end before lacks
/// files: an older copy, or what came to nothing.
/// </param>
public sealed record DurableClaim(long Below, string Tails)
{
    internal static string TailsOf(IEnumerable<(string Table, long NextStart)> tails) =>
        string.Join(';', tails.Select(tail => string.Create(CultureInfo.InvariantCulture, $"{tail.Table}={tail.NextStart}")));

    /// <summary>Whether the lake has all that it counts on.</summary>
    /// <param name="nextStart">Where each table's chain goes on now.</param>
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

/// <summary>What a partition's sink knew when it sealed a file; stands in the file's footer.</summary>
/// <param name="Mark">The newest record of the log that it had looked at, at or below the file's end.</param>
/// <param name="Committed">What is durable with this file and those that the other tables had committed by then.</param>
/// <param name="Sealed">The same with those that they had sealed by then: further on, if they came into the lake.</param>
public sealed record SealEvidence(RecordMark Mark, DurableClaim Committed, DurableClaim Sealed);
