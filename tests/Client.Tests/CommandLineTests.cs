using Banking.Client.Terminals;
using Banking.Client.Tests.Banks;

namespace Banking.Client.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("load", "--accounts", "many")]
    [InlineData("load", "--accounts", "0")]
    [InlineData("load", "--actions", "0")]
    [InlineData("load", "--accounts", "2", "--connections", "3")]
    [InlineData("load", "--url", "localhost")]
    [InlineData("load", "--url", "http://127.0.0.1:5000,")]
    [InlineData("verify", "--url", "http://127.0.0.1:5000,ftp://127.0.0.1")]
    [InlineData("load", "--url", "http://127.0.0.1:5000/bank?x=1")]
    [InlineData("load", "--url", "http://127.0.0.1:5000/#x")]
    [InlineData("load", "--gateway", "host")]
    [InlineData("load", "--gateway", "host:1,host")]
    [InlineData("load", "--duration", "soon")]
    [InlineData("load", "--duration", "0.5ms")]
    [InlineData("load", "--duration", "1194h")]
    [InlineData("load", "--give-up-after", "9ms")]
    [InlineData("load", "--give-up-after", "24.1h")]
    [InlineData("verify", "--give-up-after", "1ms")]
    [InlineData("verify", "--give-up-after", "48h")]
    [InlineData("query", "select 1", "--format", "xml")]
    [InlineData("query", "select 1", "--time-zone", "Mars/Olympus")]
    [InlineData("verify", "--unknown")]
    [InlineData("play")]
    [InlineData("dance")]
    [InlineData]
    public async Task Run_WhenCommandLineIsWrong_ThenASentenceAndExitCode2(params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.NotEqual("", run.Error);
    }

    [Fact]
    public async Task Run_WhenTimeIsOutOfRange_ThenTheSentenceNamesTheRange()
    {
        var run = await CommandRun.OfAsync("load", "--give-up-after", "48h");

        Assert.Equal("--give-up-after must be from 10ms to 24h, not 48h.\nTry: banking load --help\n", run.Error);
    }

    [Theory]
    [InlineData("--give-up-after", "10ms")]
    [InlineData("--give-up-after", "24h")]
    [InlineData("--duration", "1193h")]
    public async Task Run_WhenTimeIsAtTheEndOfItsRange_ThenItIsTaken(string option, string time)
    {
        await using var server = await BankServer.StartAsync();

        var run = await CommandRun.OfAsync(
            "load", "--url", server.Url.ToString(), "--accounts", "1", "--connections", "1", "--actions", "2", option, time);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("load", "--help")]
    [InlineData("query", "--help")]
    [InlineData("verify", "--help")]
    [InlineData("play", "--help")]
    public async Task Run_WhenHelpIsAsked_ThenItIsGiven(params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Usage:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenHelpIsAsked_ThenEveryCommandHasItsOwnSentence()
    {
        var run = await CommandRun.OfAsync("--help");

        // Nothing of what the commands are made from shows in their descriptions.
        Assert.DoesNotContain("Terminal", run.Out, StringComparison.Ordinal);
        string[] expected = ["play A game for a person", "load Plays random", "query <sql> Runs SQL", "verify Checks that the lake"];
        var words = string.Join(' ', run.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(expected, sentence => Assert.Contains(sentence, words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5", -1)]
    [InlineData("-5s", -1)]
    [InlineData("s", -1)]
    [InlineData("5sm", -1)]
    [InlineData("NaNs", -1)]
    [InlineData("1e3s", -1)]
    public void TryParseTime_WhenText_ThenMillisecondsOrRefusal(string text, int milliseconds)
    {
        var parsed = CommonOptions.TryParseTime(text, out var time);

        Assert.Equal(milliseconds, parsed ? (int)time.TotalMilliseconds : -1);
    }
}
