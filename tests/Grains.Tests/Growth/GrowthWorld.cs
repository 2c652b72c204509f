using Banking.Accounts;
using Banking.Events;
using Banking.Grains.Tests.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Grains.Tests.Growth;

/// <summary>
/// Two silos that know of different numbers of partitions, a storage, a log and a lake. Accounts are activated on either, also on both at
/// once, and left behind while they publish. Everything of an account runs on one scheduler, as a grain's does.
/// </summary>
internal sealed class GrowthWorld : IDisposable
{
    public const int OldCount = 4;
    public const int NewCount = 7;

    private readonly AccountOptions _options =
        new() { PublishBackoff = TimeSpan.FromMilliseconds(10), MaxPublishBackoff = TimeSpan.FromMilliseconds(40) };
    private readonly Dictionary<string, int> _actions = [];

    public GrowthWorld()
    {
        Lake = new LakeModel(Log);
        Old = new GrowingSilo(Log, OldCount, Storage, Lake, _options, Clock);
        New = new GrowingSilo(Log, NewCount, Storage, Lake, _options, Clock);
    }

    public FakeTimeProvider Clock { get; } = new();

    public Storage Storage { get; } = new();

    public EventLog Log { get; } = new() { Partitions = OldCount };

    public LakeModel Lake { get; }

    public GrowingSilo Old { get; }

    public GrowingSilo New { get; }

    public static Task Run(Func<GrowthWorld, Task> scenario) => Task.Factory.StartNew(
        async () =>
        {
            using var world = new GrowthWorld();
            await scenario(world);
        },
        CancellationToken.None,
        TaskCreationOptions.None,
        new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    public static async Task<AccountRecord> Activate(GrowingSilo silo, string account)
    {
        var record = await silo.Records.LoadAsync(GrainId.Create("account", account), _ => { });
        record.Start();
        return record;
    }

    /// <summary>Something happens to an account; completes when it is durable, or fails as it does for a player.</summary>
    public Task Act(AccountRecord record, string account)
    {
        var number = _actions[account] = _actions.GetValueOrDefault(account) + 1;
        var state = record.Next();
        AccountAction action = state.IsOpen
            ? new Deposit(1) { ActionId = $"a{number}" }
            : new OpenAccount("Holder") { ActionId = $"a{number}" };
        var identity = ActionIdentity.Of(action);
        var decision = AccountRules.Decide(state, account, action, identity, null, Clock.GetUtcNow(), _options);
        if (decision.ChangesState) record.Change(AccountRules.Apply(state, decision, identity, record.Keep(decision.Result.OccurredAt)));
        return record.FlushAsync();
    }

    /// <summary>Lets time go on until something is so.</summary>
    public Task Until(Func<bool> condition) => Eventually.True(() =>
    {
        Clock.Advance(TimeSpan.FromMilliseconds(50));
        return condition();
    });

    public Task Published(AccountRecord record)
    {
        var published = record.WaitForPublishedAsync();
        return Until(() => published.IsCompleted);
    }

    public void TakeEverything()
    {
        for (var partition = 0; partition < Log.Partitions; partition++) Lake.Take(partition, int.MaxValue);
    }

    public EventPartition? PartitionOf(string account) => Storage.Account(account)?.Partition;

    public void Dispose()
    {
        Old.Dispose();
        New.Dispose();
    }
}
