namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>
/// Real brokers for the tests of this assembly, started when the first test asks and ended with the last one. A test that gets none is skipped. The broker of
/// <see cref="Any"/> may be others' too: a test uses topics with names of its own there, and removes nothing else. The one of <see cref="Mortal"/> may be killed; whoever
/// kills it starts it again.
/// </summary>
public sealed class RealBroker : IAsyncDisposable
{
    private const string HowTo =
        "Needs a Kafka broker: set BANKING_KAFKA to the bootstrap servers of one, or BANKING_STACK to a launcher that starts one (BANKING_STACK=<launcher> dotnet test).";

    private const string HowToKill = "Needs a Kafka broker that it may kill: set BANKING_STACK to a launcher that starts one (BANKING_STACK=<launcher> dotnet test).";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private KafkaStack? _stack;

    /// <summary>The bootstrap servers of a broker that stays up.</summary>
    internal static async ValueTask<string> Any()
    {
        if (Environment.GetEnvironmentVariable("BANKING_KAFKA") is { Length: > 0 } servers) return servers;
        Assert.SkipWhen(KafkaStack.Launcher is null, HowTo);
        return (await (await Fixture()).Stack()).BootstrapServers;
    }

    internal static async ValueTask<KafkaStack> Mortal()
    {
        Assert.SkipWhen(KafkaStack.Launcher is null, HowToKill);
        return await (await Fixture()).Stack();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stack is not null) await _stack.DisposeAsync();
        _starting.Dispose();
    }

    private static async ValueTask<RealBroker> Fixture() =>
        await TestContext.Current.GetFixture<RealBroker>() ?? throw new InvalidOperationException("The assembly has no such fixture.");

    private async ValueTask<KafkaStack> Stack()
    {
        await _starting.WaitAsync();
        try
        {
            return _stack ??= await KafkaStack.Create(KafkaStack.Launcher!);
        }
        finally
        {
            _starting.Release();
        }
    }
}
