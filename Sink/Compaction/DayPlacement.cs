using System.Globalization;

namespace Banking.Sink.Compaction;

/// <summary>The parameters that the catalog stores with a moved partition. Pure.</summary>
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

    /// <summary>When the partition was moved to its place; null if these parameters don't say.</summary>
    public static DateTimeOffset? SwitchedAt(IReadOnlyDictionary<string, string> parameters) =>
        DateTimeOffset.TryParse(
            parameters.GetValueOrDefault(Switched), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
            ? at
            : null;

    /// <summary>
    /// Whether they say when, and the time is not in the future: that would mean that a clock was wrong, and a grace period counted from it
    /// would not end in time.
    /// </summary>
    public static bool IsMarked(IReadOnlyDictionary<string, string> parameters, DateTimeOffset now) =>
        SwitchedAt(parameters) is { } at && at <= now + Ahead;
}
