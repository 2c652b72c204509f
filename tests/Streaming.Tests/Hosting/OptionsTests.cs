using Banking.Streaming.Hosting;
using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Banking.Streaming.Tests.Hosting;

public sealed class OptionsTests
{
    [Fact]
    public void Validate_WhenNothingIsSet_ThenTheStreamDefaultsHold() =>
        Assert.True(new LogStreamOptionsValidator().Validate("log", new LogStreamOptions()).Succeeded);

    [Fact]
    public void Validate_WhenSettingsAreImpossible_ThenEverySentenceNamesOne()
    {
        var options =
            new LogStreamOptions { Group = "", MaxRecordBytes = 0, BatchRecords = 0, CacheBytes = 1, PollInterval = TimeSpan.Zero };

        var result = new LogStreamOptionsValidator().Validate("log", options);

        Assert.Equal(
            ["Group", "MaxRecordBytes", "BatchRecords", "CacheBytes", "PollInterval"],
            result.Failures!.Select(failure => failure.Split(' ')[2]));
    }

    [Fact]
    public void Validate_WhenTheLogHasNoPath_ThenTheSentenceSaysSo() =>
        Assert.Contains(
            "Path", new SqliteLogOptionsValidator().Validate("log", new SqliteLogOptions()).FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void Validate_WhenTheLogsSettingsAreImpossible_ThenEverySentenceNamesOne()
    {
        var options = new SqliteLogOptions { Path = "log.db", Groups = { "" }, MaxWaitingBytes = 0 };

        var result = new SqliteLogOptionsValidator().Validate("log", options);

        Assert.Equal(["Groups", "MaxWaitingBytes"], result.Failures!.Select(failure => failure.Split(' ')[0]));
    }

    [Fact]
    public void GetService_WhenSettingsAreImpossible_ThenTheLogIsNotOpened()
    {
        using var services = Services(options => (options.Path, options.Partitions) = ("never-made.db", 0));

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredKeyedService<IPartitionedLog>("log"));
        Assert.False(File.Exists("never-made.db"));
    }

    [Fact]
    public void Get_WhenThereIsNoPlaceForDeadLetters_ThenThePolicyIsRefused()
    {
        var services = new ServiceCollection();
        services.AddLogStreams("log", options => options.FailurePolicy = FailurePolicy.DeadLetter);
        using var provider = services.BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IOptionsMonitor<LogStreamOptions>>().Get("log"));

        Assert.Contains("the log has no place for dead letters", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetService_WhenTwoContainersNameOneFile_ThenTheyShareItAndTheLastClosesIt()
    {
        using var folder = new TemporaryFolder();
        var first = Services(options => options.Path = folder.File("log.db"));
        var second = Services(options => options.Path = folder.File("log.db"));
        var log = second.GetRequiredKeyedService<IPartitionedLog>("log");
        await first.GetRequiredKeyedService<IPartitionedLog>("log").AppendAsync(0, [default], TestContext.Current.CancellationToken);

        await first.DisposeAsync();
        Assert.Equal(1, (await log.GetBoundsAsync(0, TestContext.Current.CancellationToken)).Next);

        await second.DisposeAsync();
        using var again = SqliteLog.Open(new SqliteLogOptions { Path = folder.File("log.db") }, TimeProvider.System, NullLogger.Instance);
        Assert.Equal(log.LogId, again.LogId);
    }

    private static ServiceProvider Services(Action<SqliteLogOptions> configure) =>
        new ServiceCollection().AddLogging(logging => logging.ClearProviders()).AddSqliteLog("log", configure).BuildServiceProvider();
}
