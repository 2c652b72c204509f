using Banking.Events;
using Banking.Grains.Tests.Cluster;

namespace Banking.Grains.Tests.Growth;

/// <summary>
/// What the sinks make of a log: each partition on its own, in the order of its offsets, dropping what is not above the account's last
/// number in that partition. It says at once when an event is readable twice, or before an earlier one.
/// </summary>
internal sealed class LakeModel(EventLog log) : ILakeProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, int> _durable = [];
    private readonly Dictionary<(int Partition, string Account), long> _accepted = [];
    private readonly Dictionary<string, long> _readable = [];

    /// <summary>While true it answers nobody.</summary>
    public bool IsAway { get; set; }

    /// <summary>The account's last number that can be read.</summary>
    public long LastOf(string account)
    {
        lock (_lock) return _readable.GetValueOrDefault(account);
    }

    /// <summary>Brings up to so many records of a partition in.</summary>
    public void Take(int partition, int count)
    {
        lock (_lock)
        {
            var from = _durable.GetValueOrDefault(partition);
            var taken = log.InPartition(partition).Skip(from).Take(count).ToList();
            foreach (var happened in taken) Accept(partition, happened.AccountId!, happened.SequenceNumber!.Value);
            _durable[partition] = from + taken.Count;
        }
    }

    public ValueTask<long> GetEndAsync(int partition, CancellationToken cancellationToken) =>
        Answer(() => log.InPartition(partition).Count);

    public ValueTask<long> GetDurableAsync(int partition, CancellationToken cancellationToken) => Answer(() =>
    {
        lock (_lock) return _durable.GetValueOrDefault(partition);
    });

    private ValueTask<long> Answer(Func<long> answer) =>
        IsAway ? ValueTask.FromException<long>(new IOException("The broker is away.")) : ValueTask.FromResult(answer());

    private void Accept(int partition, string account, long sequence)
    {
        if (sequence <= _accepted.GetValueOrDefault((partition, account))) return;
        _accepted[(partition, account)] = sequence;
        var last = _readable.GetValueOrDefault(account);
        Assert.True(sequence == last + 1, $"Event {sequence} of {account} became readable in partition {partition} after event {last}.");
        _readable[account] = sequence;
    }
}
