using Banking.Streaming.Hosting;
using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

/// <summary>A receiver of a provider in a container like a silo's, and what it logs when the log is taken away.</summary>
public sealed class LogReceiverTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ErrorCount _errors = new();
    private readonly ServiceProvider _services;
    private readonly IQueueAdapterReceiver _receiver;

    public LogReceiverTests()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders().AddProvider(_errors));
        services.AddSerializer();
        services.AddSqliteLog("log", options => (options.Path, options.Partitions) = (_folder.File("log.db"), 1));
        services.AddLogStreams("log", _ => { });
        services.AddKeyedSingleton("log", (provider, _) => LogAdapterFactory.Create(provider, "log"));
        _services = services.BuildServiceProvider();
        var factory = _services.GetRequiredKeyedService<IQueueAdapterFactory>("log");
        var queue = factory.GetStreamQueueMapper().GetAllQueues().Single();
        factory.GetQueueAdapterCache().CreateQueueCache(queue);
        _receiver = factory.CreateAdapter(Cancellation).Result.CreateReceiver(queue);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPartitionedLog Log => _services.GetRequiredKeyedService<IPartitionedLog>("log");

    public async ValueTask InitializeAsync()
    {
        await Log.AppendAsync(0, [default], Cancellation);
        Assert.Single(await _receiver.GetQueueMessagesAsync(10, Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task GetQueueMessages_WhenTheContainerWasDisposed_ThenItEndsQuietly()
    {
        await _services.DisposeAsync();

        Assert.Empty(await _receiver.GetQueueMessagesAsync(10, Cancellation));
        await _receiver.Shutdown(TimeSpan.FromSeconds(1), Cancellation);

        Assert.Equal(0, _errors.Count);
    }

    [Fact]
    public async Task GetQueueMessages_WhenTheContainerIsDisposedMeanwhile_ThenItEndsQuietly()
    {
        var waiting = _receiver.GetQueueMessagesAsync(10, Cancellation);

        await _services.DisposeAsync();

        Assert.Empty(await waiting);
        Assert.Equal(0, _errors.Count);
    }

    [Fact]
    public async Task GetQueueMessages_WhenTheLogAloneWasDisposed_ThenItSaysSo()
    {
        await Log.AppendAsync(0, [default], Cancellation);
        await ((IAsyncDisposable)Log).DisposeAsync();

        Assert.Empty(await _receiver.GetQueueMessagesAsync(10, Cancellation));

        Assert.Equal(1, _errors.Count);
    }

    private sealed class ErrorCount : ILoggerProvider, ILogger
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Interlocked.Increment(ref _count);
        }

        public void Dispose()
        {
        }
    }
}
