using Banking.Client.Querying.Prompt;

namespace Banking.Client.Tests.Querying.Prompt;

public sealed class StatementHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string State => _folder.File("state/banking");

    private string HistoryFile => Path.Combine(State, "query_history");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_WhenASessionRanStatements_ThenTheNextOneHasThem()
    {
        var first = Load();
        first.Add("select 'zwölf',\n  1;");
        first.Add("select 2;");
        first.Add("select 2;");

        Assert.Equal(["select 'zwölf',\n  1;", "select 2;"], Load().Statements);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Load_WhenSessionsRunAtTheSameTime_ThenBothAreKept()
    {
        var (one, other) = (Load(), Load());
        one.Add("select 1;");
        other.Add("select 2;");
        one.Add("select 3;");

        Assert.Equal(["select 1;", "select 2;", "select 3;"], Load().Statements);
    }

    [Fact]
    public void Add_WhenStatementsAreMany_ThenTheFileKeepsTheNewest()
    {
        var history = Load();
        for (var i = 0; i < (2 * StatementHistory.Most) + 5; i++) history.Add($"select {i};");

        Assert.InRange(File.ReadLines(HistoryFile).Count(), StatementHistory.Most, (2 * StatementHistory.Most) - 1);
        var kept = Load();
        Assert.Equal((StatementHistory.Most, "select 2004;"), (kept.Statements.Count, kept.Statements[^1]));
        Assert.Equal(StatementHistory.Most, File.ReadLines(HistoryFile).Count());
    }

    [Fact]
    public void Add_Always_IsForItsOwnerToReadOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes of Unix.");
        Load().Add("select 1;");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(HistoryFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(State));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(HistoryFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Single(Load().Statements);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(HistoryFile));
    }

    [Fact]
    public void Load_WhenALineIsBroken_ThenTheOthersAreThere()
    {
        Directory.CreateDirectory(State);
        File.WriteAllText(HistoryFile, "\"select 1;\"\n\"sel\n\n7\n\"select 2;\"\n");

        Assert.Equal(["select 1;", "select 2;"], Load().Statements);
    }

    [Fact]
    public void Add_WhenNothingCanBeWritten_ThenItIsSaidOnceAndTheSessionHasThem()
    {
        Directory.CreateDirectory(_folder.File("state"));
        File.WriteAllText(State, "no folder");
        var history = Load();

        history.Add("select 1;");
        history.Add("select 2;");

        Assert.Equal(2, history.Statements.Count);
        Assert.StartsWith("Statements are not kept for the next session: ", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private StatementHistory Load() => StatementHistory.Load(State, _warnings.Add);

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(path);
}
