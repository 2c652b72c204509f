using System.Globalization;

namespace Banking.Sink.Compaction;

/// <summary>What stands beside a moved partition in the catalog. Pure.</summary>
internal static class DayPlacement
{
    private const string Generation = "banking.compaction.generation";
    private const string Switched = "banking.compaction.switched";

    // Silos' clocks differ a little.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public static Dictionary<string, string> Parameters(long generation, DateTimeOffset switched) => new()
    {
        [Generation] = generation.ToString(CultureInfo.InvariantCulture),
        [Switched] = switched.ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>When the partition was moved to where it is; null if these parameters don't say so.</summary>
    public static DateTimeOffset? SwitchedAt(IReadOnlyDictionary<string, string> parameters) =>
        DateTimeOffset.TryParse(
            parameters.GetValueOrDefault(Switched), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
            ? at
            : null;

    /// <summary>
    /// Whether they say when, and not a time that is still to come: a clock was wrong then, and a grace period counted from it would not
    /// end.
    /// </summary>
    public static bool IsMarked(IReadOnlyDictionary<string, string> parameters, DateTimeOffset now) =>
        SwitchedAt(parameters) is { } at && at <= now + Ahead;
}
