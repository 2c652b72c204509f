using System.Globalization;
using System.Text;
using Banking.Accounts;
using Banking.Events;
using Banking.Silo.Streams;
using Banking.Simulations.Tests.Clusters;
using Banking.Streaming.Log;

namespace Banking.Simulations.Tests.Moves;

/// <summary>
/// Several hundred accounts that act all the time, as the log sees them: each account's events in order in its partition; some of them
/// again later, as from the outbox of a silo that died; and in between events of others, without any ids.
/// </summary>
/// <param name="roundsPerSecond">Each has some forty events.</param>
internal sealed class Traffic(IPartitionedLog log, int seed, int roundsPerSecond = 50)
{
    private const int Accounts = 400;
    private const int ActiveAccounts = 20;
    private const int MaxEvents = 3;
    private const int RoundsPerResend = 7;
    private const int RoundsPerForeign = 3;
    private const int MaxResent = 10;
    private const int Shown = 10;
    private static readonly string[] Types = [Deposit.EventType, Withdraw.EventType, BuyAsset.EventType, SellAsset.EventType];

    private readonly GameEventCodec _codec = new();
    private readonly Random _random = new(seed);
    private readonly List<NewLogRecord>[] _histories = [.. Enumerable.Range(0, Accounts).Select(_ => new List<NewLogRecord>())];
    private readonly List<string> _foreign = [];

    public int Resent { get; private set; }

    /// <summary>
    /// What the lake is to hold, each once: an account's event as <c>account/sequence</c>, a foreign one by its description.
    /// </summary>
    public IEnumerable<string> Expected =>
        _histories.SelectMany(
            (history, account) => Enumerable.Range(1, history.Count).Select(sequence => $"{Name(account)}/{sequence}")).Concat(_foreign);

    /// <summary>Produces as long as something else goes on.</summary>
    public async Task During(Func<Task> action)
    {
        using var stop = new CancellationTokenSource();
        var producing = Produce(stop.Token);
        try
        {
            await action();
        }
        finally
        {
            await stop.CancelAsync();
            await producing;
        }
    }

    /// <summary>Whether a lake, in a folder of this machine, has each event once, in chains without gaps.</summary>
    public void AssertIsOnceIn(string folder)
    {
        using var lake = new LakeReader(folder);
        var found = lake.Texts("account_id || '/' || sequence_number", "event_id IS NOT NULL").Concat(
            lake.Texts("description", "event_id IS NULL"));
        var counts = found.CountBy(text => text).ToDictionary();
        Assert.Empty(counts.Where(count => count.Value > 1).Take(Shown));
        Assert.Empty(Expected.Except(counts.Keys).Take(Shown));
        Assert.Empty(counts.Keys.Except(Expected).Take(Shown));
        Assert.Empty(lake.FindBrokenChains());
    }

    // A round that has begun ends whole.
    private async Task Produce(CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1) / roundsPerSecond, TimeProvider.System);
        for (var round = 1; !stop.IsCancellationRequested; round++)
        {
            var batches = Enumerable.Range(0, log.PartitionCount).Select(_ => new List<NewLogRecord>()).ToArray();
            for (var i = 0; i < ActiveAccounts; i++) Act(_random.Next(Accounts), batches);
            if (round % RoundsPerResend == 0) SendAgain(_random.Next(Accounts), batches);
            if (round % RoundsPerForeign == 0) batches[_random.Next(batches.Length)].Add(Foreign());
            await Task.WhenAll(batches.Select((batch, partition) => log.AppendAsync(partition, batch, CancellationToken.None).AsTask()));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static string Name(int account) => string.Create(CultureInfo.InvariantCulture, $"account-{account}");

    private void Act(int account, List<NewLogRecord>[] batches)
    {
        var history = _histories[account];
        for (var events = _random.Next(MaxEvents) + 1; events > 0; events--)
        {
            var record = _codec.Encode(default, Event(Name(account), history.Count + 1));
            history.Add(record);
            PartitionOf(record, batches).Add(record);
        }
    }

    // Older ones than the newest, behind it, and in order: what an outbox held when its silo died.
    private void SendAgain(int account, List<NewLogRecord>[] batches)
    {
        var history = _histories[account];
        var count = _random.Next(Math.Min(history.Count, MaxResent) + 1);
        var first = _random.Next(history.Count - count + 1);
        foreach (var record in history.GetRange(first, count)) PartitionOf(record, batches).Add(record);
        Resent += count;
    }

    private NewLogRecord Foreign()
    {
        var description = string.Create(CultureInfo.InvariantCulture, $"foreign {_foreign.Count}");
        var type = _foreign.Count % 2 == 0 ? EventTypes.ReturnAssetPrice : Deposit.EventType;
        _foreign.Add(description);
        return new NewLogRecord(
            default, Encoding.UTF8.GetBytes($$"""{"Host":"elsewhere","event_type":"{{type}}","description":"{{description}}"}"""), []);
    }

    private GameEvent Event(string account, int sequence) => new()
    {
        EventType = sequence == 1 ? OpenAccount.EventType : Types[_random.Next(Types.Length)],
        EventId = string.Create(CultureInfo.InvariantCulture, $"account/{account}/{sequence}"),
        AccountId = account,
        SequenceNumber = sequence,
        OccurredAt = TimeProvider.System.GetUtcNow(),
        Amount = 1,
    };

    private static List<NewLogRecord> PartitionOf(in NewLogRecord record, List<NewLogRecord>[] batches) =>
        batches[Murmur2.Partition(record.Key.Span, batches.Length)];
}
