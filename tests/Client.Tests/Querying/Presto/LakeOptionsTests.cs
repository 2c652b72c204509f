using Banking.Client.Typing;

namespace Banking.Client.Tests.Querying.Presto;

public sealed class LakeOptionsTests
{
    [Fact]
    public async Task Query_WhenTheEnvironmentNamesPresto_ThenItIsAskedAsTheEnvironmentSays()
    {
        await using var presto = await ScriptedPresto.StartAsync();

        var run = await CommandRun.WithVariablesAsync(
            new()
            {
                ["Banking__Presto__Url"] = presto.Url.ToString(),
                ["Banking__Presto__User"] = "ann",
                ["Banking__Hive__Database"] = "bank"
            }, "query", "select 1");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["ann", "hive", "bank"], Sent(presto, "User", "Catalog", "Schema"));
    }

    [Fact]
    public async Task Query_WhenOptionsAreGivenToo_ThenTheyComeBeforeTheEnvironment()
    {
        await using var presto = await ScriptedPresto.StartAsync();

        await CommandRun.WithVariablesAsync(
            new()
            {
                ["Banking__Presto__Url"] = "http://nowhere:1",
                ["Banking__Presto__User"] = "ann",
                ["Banking__Hive__Database"] = "bank"
            },
            "query", "select 1", "--presto", presto.Url.ToString(), "--presto-user", "bob", "--presto-schema", "other");

        Assert.Equal(["bob", "other"], Sent(presto, "User", "Schema"));
    }

    [Fact]
    public async Task Query_WhenAFolderIsNamed_ThenItIsReadWhateverTheEnvironmentSays()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("_lake"));

        var run = await CommandRun.WithVariablesAsync(
            new() { ["Banking__Presto__Url"] = "http://nowhere:1" }, "query", "select 1 as n", "--lake", folder.Path, "--format", "csv");

        Assert.Equal((0, "n\n1\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Theory]
    [InlineData("localhost:8080", "must be http://host:port or https://host:port.")]
    [InlineData("ftp://localhost", "must be http://host:port or https://host:port.")]
    [InlineData("http://localhost/ui/", "must end after the port, and not with '/ui/'.")]
    [InlineData("http://localhost/?x=1", "must end after the port, and not with '/?x=1'.")]
    public async Task Query_WhenTheAddressIsNone_ThenTheSentenceNamesWhereItStands(string url, string sentence)
    {
        var option = await CommandRun.OfAsync("query", "select 1", "--presto", url);
        var variable = await CommandRun.WithVariablesAsync(new() { ["Banking__Presto__Url"] = url }, "query", "select 1");

        Assert.Equal((2, $"--presto {sentence}\nTry: banking query --help\n"), (option.ExitCode, option.Error));
        Assert.Equal((2, $"Banking__Presto__Url {sentence}\n"), (variable.ExitCode, variable.Error));
    }

    [Theory]
    [InlineData("--presto-user", "")]
    [InlineData("--presto-user", "ann\r\nX-Presto-User: root")]
    [InlineData("--presto-schema", "bänk")]
    public async Task Query_WhenAWordCantBeSent_ThenItIsRefused(string option, string word)
    {
        var run = await CommandRun.OfAsync("query", "select 1", "--presto", "http://localhost:1", option, word);

        Assert.Equal(
            (2, $"'{ShownText.Lines(word)}' is no user, catalog or schema for Presto: it must be plain ASCII without spaces.\n"),
            (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("query", "select 1")]
    [InlineData("verify")]
    public async Task Command_WhenFolderAndPrestoAreGiven_ThenItIsRefused(params string[] command)
    {
        var run = await CommandRun.OfAsync([.. command, "--lake", ".", "--presto", "http://localhost:1"]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--lake and --presto exclude each other.", run.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sent(ScriptedPresto presto, params string[] names) =>
        names.Select(name => presto.LastHeaders["X-Presto-" + name].ToString());
}
