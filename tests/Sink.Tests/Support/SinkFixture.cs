using System.Diagnostics.Metrics;
using Banking.Lake.Files;
using Banking.Lake.Identity;
using Banking.Lake.Store;
using Banking.Sink.Diagnostics;
using Banking.Sink.Numbers;
using Banking.Sink.Partitions;
using Banking.Sink.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests.Support;

/// <summary>A lake in a temporary folder, a log in memory, a clock that stands still until moved.</summary>
internal sealed class SinkFixture : IDisposable
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<(PartitionSink Sink, Turns Turns)> _sinks = [];
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly ParquetEncoder _encoder;
    private readonly SinkMetrics _metrics;

    public SinkFixture(int rowGroupRows = 100)
    {
        _encoder = new ParquetEncoder(rowGroupRows);
        _metrics = new SinkMetrics(_provider.GetRequiredService<IMeterFactory>());
        Store = new FolderLakeStore(_folder.Path);
        Lake = new DuckLake(_folder.Path);
    }

    public string Root => _folder.Path;

    public MemoryLog Log { get; set; } = new();

    public MemoryLetters Letters { get; } = new();

    public FixedBank? Bank { get; set; }

    public ILakeStore Store { get; set; }

    public DuckLake Lake { get; }

    /// <summary>Whose numbers count; anybody's by default.</summary>
    public EventClaims Claims { get; set; } = new();

    public LakeSinkOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(Json.Noon));

    /// <param name="store">What the sink sees of the lake; the fixture's if not given.</param>
    /// <param name="time">The sink's clock; the fixture's if not given.</param>
    public async Task<TestSink> OpenAsync(ILakeStore? store = null, TimeProvider? time = null)
    {
        var turns = new Turns();
        var services = Services(store, time);
        var sink = await turns.Run(() => PartitionSink.OpenAsync(services, 0, TestContext.Current.CancellationToken));
        _sinks.Add((sink, turns));
        return new TestSink(sink, turns, this);
    }

    public PartitionServices Services(ILakeStore? store = null, TimeProvider? time = null) => new(
        store ?? Store, Log, _encoder, _metrics, Options, time ?? Time, NullLogger<PartitionSink>.Instance)
    {
        Ownership = new LakeOwnership(new LakeIdentityFiles(store ?? Store), Bank),
        DeadLetters = Letters,
        Claims = Claims,
    };

    public void Dispose()
    {
        foreach (var (sink, turns) in _sinks) turns.Run(() => Dispose(sink)).Wait();
        Lake.Dispose();
        _encoder.Dispose();
        _metrics.Dispose();
        _provider.Dispose();
        _folder.Dispose();
    }

    private static bool Dispose(PartitionSink sink)
    {
        sink.Dispose();
        return true;
    }
}
