using Banking.Client.Terminals;
using Banking.Client.Tests.Typing;
using Banking.Client.Typing;

namespace Banking.Client.Tests.Querying.Prompt;

/// <summary><c>query</c> without SQL at a terminal.</summary>
public sealed class QuerySessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Keyboard _keyboard = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public QuerySessionTests()
    {
        new LakeWriter(_folder.Path).Write("cash_transactions", "SELECT 'make_deposit' AS event_type, 12.5::DECIMAL(18,2) AS amount");
        Directory.CreateDirectory(_folder.File("_lake"));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Query_WhenNoSqlIsGiven_ThenStatementsAreAnsweredUntilExit()
    {
        _keyboard.Type("select amount\nfrom cash_transactions;\nselect 1 as a; select 2 as b;\nexit\nselect 3 as c;\n");

        Assert.Equal((0, ""), (await RunAsync(), _error.ToString()));

        Shown("banking> select amount\n      -> from cash_transactions;\n", "│  12.50 │", "│ 1 │", "│ 2 │");
        Assert.DoesNotContain("select 3", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenAStatementIsRefused_ThenItSaysSoAndGoesOn()
    {
        _keyboard.Type("select nothing;\ndelete from cash_transactions;\nselect 7 as a;\n").Press(Keys.Ctrl(ConsoleKey.D));

        Assert.Equal(0, await RunAsync());

        Assert.Contains("\"nothing\" was not found", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Only statements that read the lake are run", _error.ToString(), StringComparison.Ordinal);
        Shown("│ 7 │");
    }

    [Fact]
    public async Task Query_WhenCtrlCIsPressedWhileItRuns_ThenOnlyTheQueryEnds()
    {
        _keyboard.Type("select count(*) from range(1000000000) a, range(1000000) b where a.range % 7 = b.range % 3;\n");
        var session = RunAsync();

        // Before the query begins, it is a line at the prompt that it drops.
        await Eventually.True(
            () =>
            {
                var isCancelled = _error.ToString().Contains("Cancelled.", StringComparison.Ordinal);
                if (!isCancelled) _keyboard.Press(Keys.Ctrl(ConsoleKey.C));
                return isCancelled;
            },
            "the query is cancelled");
        _keyboard.Type("select 7 as a;\nexit;\n");

        Assert.Equal(0, await session);
        Shown("│ 7 │");
    }

    [Fact]
    public async Task Query_WhenCtrlCIsPressedAtThePrompt_ThenWhatWasTypedIsDropped()
    {
        _keyboard.Type("select 'wrong';").Press(Keys.Ctrl(ConsoleKey.C));
        _keyboard.Type("select 7 as a;\n\\q\n");

        Assert.Equal((0, ""), (await RunAsync(), _error.ToString()));

        Shown("^C\n", "│ 7 │");
        Assert.DoesNotContain("│ wrong │", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenTabIsPressed_ThenNamesAreCompletedOrListed()
    {
        var session = RunAsync();
        await PressAsync("select am", ConsoleKey.Tab);
        await PressAsync(" as found from cash", ConsoleKey.Tab);
        await PressAsync(" where ev", ConsoleKey.Tab);
        await PressAsync("", ConsoleKey.Tab);
        _keyboard.Type("type is not null;\nexit\n");

        Assert.Equal((0, ""), (await session, _error.ToString()));
        Shown("event_id    event_type", "select amount as found from cash_transactions where event_type is not null;\n", "│ 12.50 │");
    }

    [Fact]
    public async Task Query_WhenUpIsPressedInTheNextSession_ThenTheStatementIsThereAgain()
    {
        _keyboard.Type("select 41 + 1\nas answer;\nexit\n");
        await RunAsync();
        _output.GetStringBuilder().Clear();

        _keyboard.Type("draft").Press(ConsoleKey.UpArrow, ConsoleKey.Enter).Press(ConsoleKey.UpArrow);
        _keyboard.Press(ConsoleKey.DownArrow).Press(ConsoleKey.DownArrow).Type("exit\n");

        Assert.Equal((0, ""), (await RunAsync(), _error.ToString()));
        Shown("│     42 │");
    }

    [Fact]
    public async Task Query_WhenASessionsWordIsTyped_ThenResultsAreWrittenSo()
    {
        _keyboard.Type("\\x\nselect 1 as a;\n\\x\n\\rows 2\nselect range as r from range(5);\n\\what\nexit\n");

        Assert.Equal((0, ""), (await RunAsync(), _error.ToString()));

        Shown("A row is drawn as a block.\n", "\na  1\n", "2 rows are drawn at the most.\n", "5 rows, of which the first 2 are shown");
        Shown(@"\rows 0 shows all rows");
    }

    [Fact]
    public async Task Query_WhenNobodySitsAtATerminal_ThenSqlIsReadFromTheInput()
    {
        var run = await CommandRun.WithInputAsync("select 1 as a;\n", "query", "--lake", _folder.Path, "--format", "csv");

        Assert.Equal((0, "a\n1\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Query_WhenThereIsNoLake_ThenNothingIsAsked()
    {
        Assert.Equal(1, await RunAsync(_folder.File("nowhere")));

        Assert.Equal("", _output.ToString());
        Assert.StartsWith("There is no lake at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenItIsAtARealTerminal_ThenKeysMeanWhatTheyMeanThere()
    {
        Assert.SkipUnless(PseudoTerminal.IsThere, "script of util-linux.");
        var state = new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.File("state") };
        await using var terminal = PseudoTerminal.Start(state, "query", "--lake", _folder.Path);
        await terminal.UntilAsync("banking> ");

        await terminal.TypeAsync("select count(*) from range(1000000000) a, range(1000000) b where a.range % 7 = b.range % 3;\r");
        await Eventually.True(
            async () =>
            {
                await terminal.TypeAsync("\u0003");
                return terminal.Shown.Contains("Cancelled.", StringComparison.Ordinal);
            },
            "the query is cancelled");
        await terminal.TypeAsync("select 6 * 7\ras answer;\r");
        await terminal.UntilAsync("│     42 │");
        await terminal.TypeAsync("\u001b[A\u007f\u007f\u007f\u007f\u007f\u007f\u007fagain;\r");
        await terminal.UntilAsync("│ again │");
        await terminal.TypeAsync("\u0004");

        Assert.Equal(0, await terminal.EndAsync());
        Assert.Equal(3, File.ReadLines(Path.Combine(_folder.File("state"), "banking", "query_history")).Count());
    }

    /// <summary>Types, and waits until it is shown: a tab in what is pasted completes nothing.</summary>
    private async Task PressAsync(string text, ConsoleKey key)
    {
        _keyboard.Type(text);
        await Eventually.True(() => _keyboard.IsAwaited, "keys are followed");
        _keyboard.Press(key);
        await Eventually.True(() => _keyboard.IsAwaited, "keys are followed");
    }

    private async Task<int> RunAsync(string? lake = null)
    {
        using var input = new StringReader("");
        var (output, error) = (TextWriter.Synchronized(_output), TextWriter.Synchronized(_error));
        var terminal = new Terminal(input, output, error, Interactive: true, Progress: false, TimeProvider.System)
        {
            Width = 120,
            Size = () => (120, 40),
            StateFolder = _folder.File("state"),
            Listen = () => _keyboard,
            MovesCursor = true,
        };
        return await BankingCommand.RunAsync(["query", "--lake", lake ?? _folder.Path], terminal);
    }

    private void Shown(params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, Plain(_output.ToString()), StringComparison.Ordinal));

    /// <summary>What stays on the screen of what is drawn again and again.</summary>
    private static string Plain(string output) => System.Text.RegularExpressions.Regex.Replace(output, "\r?\e\\[[0-9]*[A-Z]|\r", "");
}
