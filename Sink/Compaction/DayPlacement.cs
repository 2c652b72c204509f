using System.Globalization;

namespace Banking.Sink.Compaction;

/// <summary>What stands beside a moved partition in the catalog. Pure.</summary>
internal static class DayPlacement
{
    private const string Generation = "banking.compaction.generation";
    private const string Switched = "banking.compaction.switched";

    public static Dictionary<string, string> Parameters(long generation, DateTimeOffset switched) => new()
    {
        [Generation] = generation.ToString(CultureInfo.InvariantCulture),
        [Switched] = switched.ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>When the partition was moved to where it is; null if these parameters don't say so.</summary>
    public static DateTimeOffset? SwitchedAt(IReadOnlyDictionary<string, string> parameters) =>
        DateTimeOffset.TryParse(parameters.GetValueOrDefault(Switched), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) ? at : null;
}
