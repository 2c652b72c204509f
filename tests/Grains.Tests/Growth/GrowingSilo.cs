using System.Diagnostics.Metrics;
using Banking.Accounts;
using Banking.Clocks;
using Banking.Events;
using Banking.Grains.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace Banking.Grains.Tests.Growth;

/// <summary>
/// A silo that spreads accounts over as many partitions as the log had when the silo began. It learns of later ones at once.
/// </summary>
internal sealed class GrowingSilo : IEventPartitions, IDisposable
{
    private readonly EventLog _log;
    private readonly int _count;
    private readonly ServiceProvider _services;
    private readonly PartitionSettling _settling;

    public GrowingSilo(EventLog log, int count, Storage storage, ILakeProgress lake, AccountOptions options, TimeProvider time)
    {
        (_log, _count) = (log, count);
        _services = new ServiceCollection().AddMetrics().AddKeyedSingleton<IStreamProvider>(GameNames.Streams, log).BuildServiceProvider();
        var streams = new EventStreams(
            _services, this, time, _services.GetRequiredService<IMeterFactory>(), NullLogger<EventStreams>.Instance);
        _settling = new PartitionSettling(lake, time);
        Records = new AccountRecords(
            storage, streams, _settling, Options.Create(options), new SteadyClock(time, NullLogger<SteadyClock>.Instance));
    }

    public AccountRecords Records { get; }

    public int? Count => _log.IsOpen ? _count : null;

    /// <summary>Whether the silo has heard that the log has grown.</summary>
    public bool KnowsOfGrowth { get; set; }

    public bool HasGrown => KnowsOfGrowth && _log.Partitions > _count;

    public EventPartition? Of(string accountId) => Count is { } count ? new EventPartition("log", accountId.Sum(c => c) % count) : null;

    public void Dispose()
    {
        _settling.Dispose();
        _services.Dispose();
    }
}
