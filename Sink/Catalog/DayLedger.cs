using Banking.Lake;
using Banking.Lake.Files;

namespace Banking.Sink.Catalog;

/// <summary>Which of the lake's days are known to be registered, and which are not. Pure; not thread-safe.</summary>
internal sealed class DayLedger
{
    private const int Named = 3;
    private readonly HashSet<LakeDay> _registered = [];
    private readonly SortedSet<LakeDay> _pending = new(Comparer<LakeDay>.Create(static (a, b) =>
        string.CompareOrdinal(a.Table, b.Table) is not 0 and var order ? order : a.Day.CompareTo(b.Day)));

    public int Registered => _registered.Count;

    public int Pending => _pending.Count;

    /// <summary>Notes a day that is in the lake.</summary>
    /// <returns>True if this is news that has to be acted on.</returns>
    public bool Saw(LakeDay day) => !_registered.Contains(day) && _pending.Add(day);

    /// <summary>
    /// Notes all days of a table that are registered where the lake has them, and all days that the lake has. Other days are no longer
    /// pending.
    /// </summary>
    public void Know(string table, IEnumerable<DateOnly> registered, IEnumerable<DateOnly> all)
    {
        _registered.RemoveWhere(day => day.Table == table);
        foreach (var day in registered) _registered.Add(new LakeDay(table, day));
        _pending.RemoveWhere(day => day.Table == table);
        foreach (var day in all) Saw(new LakeDay(table, day));
    }

    /// <returns>A sentence about the pending days that names the first few; null if there are none.</returns>
    public string? PendingSentence()
    {
        if (_pending.Count == 0) return null;
        var names = string.Join(", ", _pending.Take(Named).Select(day => $"{day.Table} of {LakePath.Day(day.Day)}"));
        return _pending.Count <= Named
            ? $"Not known to be registered: {names}."
            : $"Not known to be registered: {names} and {_pending.Count - Named} more.";
    }
}
