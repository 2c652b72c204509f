using Banking.Accounts;

namespace Banking.Grains.Tests.Cluster;

/// <summary>
/// Very many callers of one account, whose storage makes their writes and loses the answers; each asks again with the same id until it is
/// told.
/// </summary>
public sealed class HotAccountTests
{
    private const int ActionsOfCaller = 4;
    private static readonly TimeProvider Time = TimeProvider.System;

    public enum Key
    {
        Text,
        UuidV4,
        UuidV7,
    }

    [Theory]
    [InlineData(200, Key.Text)]
    [InlineData(200, Key.UuidV7)]
    [InlineData(1_000, Key.UuidV4)]
    [InlineData(1_000, Key.UuidV7)]
    public async Task Perform_WhenAnswersOfWritesAreLost_ThenWhatIsAcknowledgedIsAppliedOnce(int callers, Key key)
    {
        await using var cluster = new GameCluster();
        await cluster.InitializeAsync();
        var account = cluster.Account("hot");
        Assert.True((await account.Perform(new OpenAccount("Holder") { ActionId = "open" })).IsDone);
        cluster.Storage.LoseAnswers("hot", 4);

        var answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => Play(account, caller, key))));

        cluster.Storage.LoseAnswers("hot", 0);
        var ledger = await Eventually.Succeeds(() => account.GetLedger());
        Assert.All(answers.SelectMany(a => a), answer => Assert.Equal(ActionCode.Done, answer.Code));
        Assert.Equal(callers * ActionsOfCaller, answers.SelectMany(a => a).Select(a => a.SequenceNumber).Distinct().Count());
        Assert.Equal(callers * ActionsOfCaller, ledger!.Cash);
        Assert.Equal((callers * ActionsOfCaller) + 1, ledger.SequenceNumber);
    }

    // Far more than fit into the record, so that their hashes go to pages of their own, from which a new activation knows them.
    [Fact]
    public async Task Perform_WhenThousandsOfIdsWithoutTimeAreForgotten_ThenNoneRunsAgainAfterAReload()
    {
        await using var cluster = new GameCluster();
        await cluster.InitializeAsync();
        var account = cluster.Account("keys");
        Assert.True((await account.Perform(new OpenAccount("Holder") { ActionId = "open" })).IsDone);
        var ids = Enumerable.Range(0, 3_000).Select(i => $"order-{i}").ToArray();
        foreach (var some in ids.Chunk(100)) await Task.WhenAll(some.Select(id => Retry(account, new Deposit(1) { ActionId = id })));
        await cluster.Orleans.DeactivateAsync(account);
        cluster.Clock.Step = TimeSpan.FromHours(1);
        foreach (var i in Enumerable.Range(0, 40)) await Retry(account, new Deposit(1) { ActionId = $"later-{i}" });
        await cluster.Orleans.DeactivateAsync(account);

        var again = await Task.WhenAll(ids.Select(id => Retry(account, new Deposit(1) { ActionId = id })));

        Assert.True(cluster.Storage.Account("keys")!.Memory.KeyPages > 0, "no page was stored");
        Assert.All(again, result => Assert.True(result.Replayed || result.Code == ActionCode.ActionForgotten, result.ToString()));
        Assert.Contains(again, result => result.Code == ActionCode.ActionForgotten);
        Assert.Equal(3_040m, (await account.GetLedger())!.Cash);
    }

    private static async Task<List<ActionResult>> Play(IAccountGrain account, int caller, Key key)
    {
        var results = new List<ActionResult>();
        for (var i = 0; i < ActionsOfCaller; i++)
        {
            var id = key switch
            {
                Key.Text => $"order-{caller}-{i}",
                Key.UuidV4 => $"{caller:x8}-0000-4000-8000-{i:x12}",
                _ => Guid.CreateVersion7(Time.GetUtcNow()).ToString(),
            };
            results.Add(await Retry(account, new Deposit(1) { ActionId = id }));
        }

        return results;
    }

    private static async Task<ActionResult> Retry(IAccountGrain account, AccountAction action)
    {
        var started = Time.GetTimestamp();
        while (true)
        {
            try
            {
                var result = await account.Perform(action);
                if (result.Code != ActionCode.TooManyUnpublishedEvents) return result;
            }
            catch (Exception unknown) when (unknown is AccountReloadException or OrleansException)
            {
                Assert.True(Time.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"No answer in a minute: {unknown.Message}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), Time, TestContext.Current.CancellationToken);
        }
    }
}
