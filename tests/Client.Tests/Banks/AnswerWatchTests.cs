using System.Collections.Concurrent;
using System.Diagnostics;
using Banking.Client.Banks;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Client.Tests.Banks;

public sealed class AnswerWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _said = new();

    [Fact]
    public void Asked_WhenNoAnswerComes_ThenItIsSaidOnceWithinTwoSeconds()
    {
        using var watch = Watch();
        watch.Asked();

        Advance(seconds: 1);
        Assert.Empty(_said);
        Advance(seconds: 1);
        Advance(seconds: 60);

        Assert.Equal(["No answer from http://bank. Still trying; Ctrl-C ends it."], _said);
    }

    [Fact]
    public void Failed_WhenItIsAskedAgain_ThenTheReasonIsSaidAndThatItAnswersAgain()
    {
        using var watch = Watch();
        watch.Asked();
        watch.Failed("It is closed.");
        Advance(seconds: 2);
        var silence = watch.Silence;
        watch.Answered();
        Advance(seconds: 60);

        Assert.Equal(["It is closed. Still trying; Ctrl-C ends it.", "http://bank answers again."], _said);
        Assert.Equal(("It is closed.", null), (silence, watch.Silence));
    }

    [Fact]
    public void Asked_WhenOthersAreAnswered_ThenNothingIsSaid()
    {
        using var watch = Watch();
        for (var i = 0; i < 10; i++)
        {
            watch.Asked();
            Advance(seconds: 1);
            watch.Asked();
            watch.Answered();
        }

        Assert.Empty(_said);
    }

    [Fact]
    public void GivenUp_WhenNobodyAsksAnyMore_ThenNothingIsSaid()
    {
        using var watch = Watch();
        watch.Asked();
        watch.GivenUp();
        Advance(seconds: 60);

        Assert.Empty(_said);
    }

    [Theory]
    [InlineData("load", "--accounts", "2", "--connections", "2", "--actions", "10", "--give-up-after", "20s")]
    [InlineData("verify", "--give-up-after", "20s")]
    public async Task Command_WhenTheBankIsAwayForAWhile_ThenItSaysSoInTimeAndGoesOn(params string[] command)
    {
        await using var server = await BankServer.StartAsync();
        using var lake = new TemporaryFolder();
        Directory.CreateDirectory(lake.File("_lake"));
        var start = Stopwatch.GetTimestamp();
        var away = TimeSpan.FromSeconds(3);
        server.Instead = http => http.Request.Path == "/v1/assets" || Stopwatch.GetElapsedTime(start) > away
            ? null
            : answer =>
            {
                answer.Response.StatusCode = 503;
                return Task.CompletedTask;
            };

        var run = await CommandRun.OfAsync(
            [.. command, "--url", server.Url.ToString(), .. command[0] == "verify" ? ["--lake", lake.Path] : Array.Empty<string>()]);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(
            "^The bank at .* (answered|answered GET .* with) 503\\. Still trying; Ctrl-C ends it\\.\nhttp://.* answers again\\.\n$",
            run.Error);
    }

    private AnswerWatch Watch() => new("http://bank", _said.Enqueue, _time);

    private void Advance(int seconds)
    {
        for (var i = 0; i < seconds * 10; i++) _time.Advance(TimeSpan.FromMilliseconds(100));
    }
}
