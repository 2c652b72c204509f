namespace Banking.Lake.Catalog;

/// <summary>How the catalog had the days of a table, and what was corrected.</summary>
internal sealed class CatalogComparison
{
    private readonly HashSet<DateOnly> _right = [];
    private readonly SortedDictionary<DateOnly, string> _held = [];

    /// <summary>The days that queries read in the right place.</summary>
    public IReadOnlySet<DateOnly> Days => _right;

    /// <summary>The days that a person has to look at, each with the reason.</summary>
    public IReadOnlyDictionary<DateOnly, string> Held => _held;

    /// <summary>How many days the catalog lacked.</summary>
    public int Added { get; private set; }

    /// <summary>How many days the catalog had in another place.</summary>
    public int Moved { get; private set; }

    /// <summary>The first failure that will be tried again; null if there was none.</summary>
    public Exception? Failure { get; private set; }

    public void Right(DateOnly day, bool moved)
    {
        _right.Add(day);
        if (moved) Moved++;
    }

    public void Registered(DateOnly day)
    {
        _right.Add(day);
        Added++;
    }

    public void Hold(DateOnly day, string sentence) => _held[day] = sentence;

    public void Fail(DateOnly day, Exception failure)
    {
        _right.Remove(day);
        Failure ??= failure;
    }
}
