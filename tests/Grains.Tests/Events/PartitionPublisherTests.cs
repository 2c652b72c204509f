using Banking.Events;

namespace Banking.Grains.Tests.Events;

/// <summary>Many accounts' events go in one append: one that the log refuses stops its own account only.</summary>
public sealed class PartitionPublisherTests
{
    private readonly List<string> _log = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _first = new();
    private readonly PartitionPublisher _publisher;
    private int _appends;

    public PartitionPublisherTests() => _publisher = new PartitionPublisher(Append, failure => failure is ArgumentException);

    [Fact]
    public async Task Publish_WhenTheLogRefusesOneAccountsEvent_ThenTheOthersOfItsBatchArePublished()
    {
        var before = _publisher.PublishAsync(Events("before"));
        await _begun.Task;
        Task[] together =
        [
            _publisher.PublishAsync(Events("alice")), _publisher.PublishAsync(Events("poison")), _publisher.PublishAsync(Events("bob")),
        ];
        _first.SetResult();

        await before;
        await together[0];
        await Assert.ThrowsAsync<ArgumentException>(() => together[1]);
        await together[2];
        Assert.Equal(["before", "alice", "bob"], _log);
    }

    [Fact]
    public async Task Publish_WhenTheLogIsAway_ThenNothingOfTheBatchIsTriedAgain()
    {
        var before = _publisher.PublishAsync(Events("before"));
        await _begun.Task;
        Task[] together = [_publisher.PublishAsync(Events("alice")), _publisher.PublishAsync(Events("away"))];
        _first.SetResult();

        await before;
        foreach (var published in together) await Assert.ThrowsAsync<IOException>(() => published);
        Assert.Equal(2, _appends);
    }

    private static GameEvent[] Events(string account) => [new GameEvent { EventType = "make_deposit", AccountId = account }];

    private async Task Append(IReadOnlyList<GameEvent> events)
    {
        if (++_appends == 1)
        {
            _begun.SetResult();
            await _first.Task;
        }

        if (events.Any(happened => happened.AccountId == "poison")) throw new ArgumentException("It is too large.");
        if (events.Any(happened => happened.AccountId == "away")) throw new IOException("The log is away.");
        _log.AddRange(events.Select(happened => happened.AccountId!));
    }
}
