using System.Globalization;
using System.Text.RegularExpressions;
using Banking.Simulations.Tests.Processes;
using Banking.Streaming.Log;

namespace Banking.Simulations.Tests.Moves;

/// <summary>
/// Silos as processes that share a topic and a lake. What they say goes to the test's output, and tells which of them has which
/// partition's sink.
/// </summary>
/// <param name="lake">The lake's root; a folder of this machine if not given.</param>
internal sealed partial class MovingCluster(
    string bootstrapServers, string topic, IPartitionedLog log, string? lake = null) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<MovingSilo> _silos = [];
    private readonly List<string> _transcript = [];
    private readonly Dictionary<int, MovingSilo> _sinks = [];
    private readonly TemporaryFolder _folder = new();
    private readonly int _primaryPort = SiloProcess.FreePort();

    public string Lake => lake ?? _folder.File("lake");

    /// <summary>Starts a silo; the first one is to live as long as the cluster.</summary>
    public async Task<MovingSilo> Start(CancellationToken cancellationToken)
    {
        MovingSilo silo;
        lock (_lock)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"silo-{_silos.Count}");
            var port = _silos.Count == 0 ? _primaryPort : SiloProcess.FreePort();
            silo = new MovingSilo(
                new MovingSiloSettings(
                    name, port, SiloProcess.FreePort(), _primaryPort, bootstrapServers, topic, Group: topic, _folder.Path, Lake), Hear);
            _silos.Add(silo);
        }

        await silo.WaitUntilReady(cancellationToken);
        return silo;
    }

    /// <summary>The silos that have sinks, the one with most of them first.</summary>
    public MovingSilo[] Holders()
    {
        lock (_lock) return [.. _sinks.Values.CountBy(silo => silo).OrderByDescending(count => count.Value).Select(count => count.Key)];
    }

    /// <summary>The partitions whose sinks a silo has.</summary>
    public int[] PartitionsOf(MovingSilo silo)
    {
        lock (_lock) return [.. _sinks.Where(sink => sink.Value == silo).Select(sink => sink.Key)];
    }

    /// <summary>Returns when the lake has everything that the log has now, as the group's committed offsets say.</summary>
    public async Task CatchUp(string when, CancellationToken cancellationToken)
    {
        var ends = await Ends(cancellationToken);
        long[] committed = [];
        try
        {
            await Eventually.True(
                async () => (committed = await Committed(cancellationToken)).Zip(ends).All(pair => pair.First >= pair.Second),
                $"the lake has all that the log had {when}");
        }
        finally
        {
            Note($"{when}: committed {string.Join(' ', committed)} of {string.Join(' ', ends)}");
        }
    }

    /// <summary>The end of each partition.</summary>
    public async Task<long[]> Ends(CancellationToken cancellationToken) =>
        await Task.WhenAll(Partitions.Select(async p => (await log.GetBoundsAsync(p, cancellationToken)).Next));

    /// <summary>The committed offset of each partition.</summary>
    public async Task<long[]> Committed(CancellationToken cancellationToken) =>
        await Task.WhenAll(Partitions.Select(async p => await log.GetCommittedAsync(topic, p, cancellationToken) ?? 0));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(Environment.NewLine, _transcript));
        _folder.Dispose();
    }

    private IEnumerable<int> Partitions => Enumerable.Range(0, log.PartitionCount);

    private void Hear(MovingSilo silo, string line)
    {
        lock (_lock)
        {
            Note($"{silo.Name} {line}");
            if (SinkOpened().Match(line) is { Success: true } opened)
                _sinks[int.Parse(opened.Groups["partition"].ValueSpan, CultureInfo.InvariantCulture)] = silo;
        }
    }

    private void Note(string line)
    {
        lock (_lock) _transcript.Add(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}"));
    }

    // The sink says so when its grain is activated.
    [GeneratedRegex(@"The lake takes \w+-p(?<partition>\d+) from offset")]
    private static partial Regex SinkOpened();
}
