using Banking.Client.Terminals;
using Banking.Servers;

namespace Banking.Client.Tests.Querying.Presto;

public sealed class PrestoProtocolTests
{
    [Fact]
    public async Task Query_WhenRowsComeInPages_ThenEachIsFetchedUntilTheLast()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, n) => ScriptedPresto.Json(http, (http.Request.Method, n) switch
        {
            ("POST", _) => presto.Page(),
            (_, 1) => presto.Page(),
            (_, 2) => presto.Page($",\"columns\":[{ScriptedPresto.Column}]"),
            (_, 3) => presto.Rows("[[1],[2]]", "/last"),
            _ => presto.Rows("[[3]]", null),
        });

        var run = await QueryAsync(presto);

        Assert.Equal((0, "n\n1\n2\n3\n", ""), (run.ExitCode, run.Out, run.Error));
        Assert.Equal(["POST /v1/statement select n", "GET /next", "GET /next", "GET /next", "GET /last"], presto.Asked);
    }

    [Fact]
    public async Task Query_Always_SaysWhoAsksForWhichTablesInWhichZone()
    {
        await using var presto = await ScriptedPresto.StartAsync();

        await QueryAsync(presto, "--presto-user", "ann", "--presto-catalog", "lake", "--presto-schema", "bank");

        string[] names = ["X-Presto-User", "X-Presto-Catalog", "X-Presto-Schema", "X-Presto-Time-Zone", "X-Presto-Source"];
        Assert.Equal(["ann", "lake", "bank", "UTC", "banking"], names.Select(name => presto.LastHeaders[name].ToString()));
        Assert.False(presto.LastHeaders.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(0)]
    public async Task Query_WhenAPageFailsAtFirst_ThenItIsAskedForAgain(int status)
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, n) =>
        {
            if (http.Request.Method == "POST") return ScriptedPresto.Json(http, presto.Page());
            if (n > 2) return ScriptedPresto.Json(http, presto.Rows("[[1]]", null));
            if (status == 0) http.Abort();
            else http.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        var run = await QueryAsync(presto);

        Assert.Equal((0, "n\n1\n", ""), (run.ExitCode, run.Out, run.Error));
        Assert.Equal(["POST /v1/statement select n", "GET /next", "GET /next", "GET /next"], presto.Asked);
    }

    [Fact]
    public async Task Query_WhenPrestoIsBusyAtFirst_ThenTheStatementIsSentAgain()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, n) => n == 1 ? ScriptedPresto.Text(http, 503, "text/plain", "busy") : ScriptedPresto.Json(
            http, presto.Rows("[]", null));

        var run = await QueryAsync(presto);

        Assert.Equal((0, "n\n"), (run.ExitCode, run.Out));
        Assert.Equal(2, presto.Asked.Count);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(0)]
    public async Task Query_WhenTheStatementMayHaveBeenTaken_ThenItIsNotSentAgain(int status)
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, _) =>
        {
            if (status == 0) http.Abort();
            else http.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        var run = await QueryAsync(presto);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"Presto at {presto.Url} ", run.Error, StringComparison.Ordinal);
        Assert.Single(presto.Asked);
    }

    [Fact]
    public async Task Query_WhenOutputIsCancelled_ThenTheQueryIsEndedThere()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        using var pressed = new CancellationTokenSource();
        presto.Answer = async (http, n) =>
        {
            if (http.Request.Method == "POST") await ScriptedPresto.Json(http, presto.Page());
            else if (http.Request.Method == "DELETE") http.Response.StatusCode = 204;
            else
            {
                await pressed.CancelAsync();
                await ScriptedPresto.Json(http, presto.Page());
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PrestoRun.ReadAllAsync(presto.Url, "select n", pressed.Token));

        Assert.Equal("DELETE /next", presto.Asked[^1]);
    }

    [Fact]
    public async Task Query_WhenCancelledWhileTheStatementIsSent_ThenTheQueryIsEndedThereToo()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        using var pressed = new CancellationTokenSource();
        presto.Answer = async (http, _) =>
        {
            await pressed.CancelAsync();
            await ScriptedPresto.Json(http, presto.Page());
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PrestoRun.ReadAllAsync(presto.Url, "select n", pressed.Token));

        Assert.Equal(["POST /v1/statement select n", "DELETE /next"], presto.Asked);
    }

    [Fact]
    public async Task Query_WhenItCantBeCancelled_ThenItSaysSo()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, _) => http.Request.Method == "POST"
            ? ScriptedPresto.Json(http, presto.Page(",\"columns\":[{\"name\":\"n\",\"type\":\"double\"}],\"data\":[[\"much\"]]"))
            : ScriptedPresto.Text(http, 500, "text/plain", "");

        var run = await QueryAsync(presto);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("The query could not be cancelled", run.Error, StringComparison.Ordinal);
        Assert.Contains("\nThe column n holds a value that can't be read as double: ", run.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Errors => new()
    {
        { """{"message":"line 1:8: Column 'x' cannot be resolved","errorName":"COLUMN_NOT_FOUND","errorLocation":{"lineNumber":1,"columnNumber":8}}""", "line 1:8: Column 'x' cannot be resolved (COLUMN_NOT_FOUND)\n" },
        { """{"message":"mismatched input","errorName":"SYNTAX_ERROR","errorLocation":{"lineNumber":2,"columnNumber":3}}""", "line 2:3: mismatched input (SYNTAX_ERROR)\n" },
        { """{"message":"/ by zero","errorName":"DIVISION_BY_ZERO"}""", "/ by zero (DIVISION_BY_ZERO)\n" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Query_WhenPrestoSaysAnError_ThenItsSentenceIsShown(string error, string sentence)
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, _) => ScriptedPresto.Json(
            http, http.Request.Method == "POST" ? presto.Page() : presto.Page($",\"error\":{error}", null));

        var run = await QueryAsync(presto);

        Assert.Equal((1, "", sentence), (run.ExitCode, run.Out, run.Error));
    }

    [Theory]
    [InlineData(200, "text/html", "<html>", "does not speak as Presto's coordinator does: it answered POST with text/html.")]
    [InlineData(200, "application/json", "<html>",
        "does not speak as Presto's coordinator does: it answered POST with other JSON than a query's")]
    [InlineData(200, "application/json", "{}",
        "does not speak as Presto's coordinator does: it answered POST with other JSON than a query's")]
    [InlineData(200, "application/json", "null",
        "does not speak as Presto's coordinator does: it answered POST with other JSON than a query's")]
    [InlineData(404, "text/html", "<html>", "does not speak as Presto's coordinator does: it answered POST /v1/statement with 404.")]
    [InlineData(400, "text/plain", "SQL is empty\nat x",
        "does not speak as Presto's coordinator does: it answered POST /v1/statement with 400: SQL is empty.")]
    [InlineData(401, "text/plain", "",
        "does not take the user ann without a password: set Banking__Presto__Password in the environment, "
        + "or use --presto-ask-password (401).")]
    [InlineData(302, "text/html", "",
        "does not speak as Presto's coordinator does: it sends on to https://elsewhere/ (302); give that address if it is Presto's.")]
    public async Task Query_WhenAnswerIsNotPrestos_ThenASentenceSaysWhatItIs(int status, string type, string body, string sentence)
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, _) =>
        {
            if (status == 302) http.Response.Headers.Location = "https://elsewhere/";
            return ScriptedPresto.Text(http, status, type, body);
        };

        var run = await QueryAsync(presto, "--presto-user", "ann");

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Single(presto.Asked);
    }

    [Fact]
    public async Task Query_WhenPrestoForgotTheQuery_ThenItSaysSo()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, _) => http.Request.Method == "POST" ? ScriptedPresto.Json(http, presto.Page()) : ScriptedPresto.Text(
            http, 410, "text/plain", "Gone");

        var run = await QueryAsync(presto);

        Assert.Equal(
            (1, $"Presto at {presto.Url} no longer knows the query (410): it was started anew, or a person ended it.\n"),
            (run.ExitCode, run.Error));
        Assert.Equal(2, presto.Asked.Count);
    }

    [Fact]
    public async Task Query_WhenNobodyListens_ThenItSaysSo()
    {
        using var ports = PortClaim.Take([1]);

        var run = await CommandRun.OfAsync("query", "select 1", "--presto", $"http://127.0.0.1:{ports.Shift + 1}");

        Assert.Equal(
            (1, $"Presto at http://127.0.0.1:{ports.Shift + 1}/ can't be reached: Connection refused\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Query_WhenTheReaderOfTheOutputLeaves_ThenTheQueryIsEnded()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        presto.Answer = (http, _) => http.Request.Method == "DELETE" ? Task.CompletedTask : ScriptedPresto.Json(
            http, presto.Rows("[[1],[2]]"));
        using var error = new StringWriter();

        var exit = await BankingCommand.RunAsync(
            ["query", "select n", "--presto", presto.Url.ToString(), "--format", "csv"], new Terminal(
                TextReader.Null, new BrokenPipe(2), error, false, false, TimeProvider.System));

        Assert.Equal((1, "DELETE /next"), (exit, presto.Asked[^1]));
    }

    private static Task<CommandRun> QueryAsync(ScriptedPresto presto, params string[] more) =>
        CommandRun.OfAsync(["query", "select n", "--presto", presto.Url.ToString(), "--format", "csv", .. more]);
}
