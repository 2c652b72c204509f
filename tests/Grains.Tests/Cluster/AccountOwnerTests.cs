using Banking.Accounts;
using Banking.Callers;

namespace Banking.Grains.Tests.Cluster;

/// <summary>The caller comes with the call, and the grain keeps to the rules about whose account it is.</summary>
public sealed class AccountOwnerTests(GameCluster cluster) : IClassFixture<GameCluster>
{
    private static readonly Caller Alice = new(new CallerId("https://id.example", "alice"), CallerRole.Player);
    private static readonly Caller Bob = new(new CallerId("https://id.example", "bob"), CallerRole.Player);

    [Fact]
    public async Task Perform_WhenTheCallHasACaller_ThenTheAccountIsTheirsInStorageToo()
    {
        var account = cluster.Account("owned");

        await As(Alice, () => account.Perform(new OpenAccount("Alice") { ActionId = "open" }));

        Assert.Equal(Alice.Id, cluster.Storage.Account("owned")!.Owner);
        Assert.True((await As(Alice, () => account.Perform(new Deposit(1) { ActionId = "d" }))).IsDone);
    }

    [Fact]
    public async Task Read_WhenTheAccountIsAnothers_ThenThereIsNone()
    {
        var account = cluster.Account("read");
        await As(Alice, () => account.Perform(new OpenAccount("Alice") { ActionId = "open" }));

        Assert.NotNull(await As(Alice, () => account.GetStatement(null)));
        Assert.NotNull(await As(Alice, account.GetLedger));
        Assert.Null(await As(Bob, () => account.GetStatement(null)));
        Assert.Null(await As(Bob, account.GetLedger));
    }

    [Fact]
    public async Task Perform_WhenAWriteOfAnothersAccountHangs_ThenTheAnswerDoesNotWaitForIt()
    {
        var account = cluster.Account("hanging");
        await As(Alice, () => account.Perform(new OpenAccount("Alice") { ActionId = "open" }));
        cluster.Storage.HoldWrites("hanging");
        var deposit = As(Alice, () => account.Perform(new Deposit(1) { ActionId = "d" }));
        await Eventually.True(() => cluster.Storage.IsWaiting("hanging"));

        Assert.Equal(ActionCode.AccountUnknown, (await As(Bob, () => account.Perform(new Deposit(1) { ActionId = "d" }))).Code);
        Assert.Null(await As(Bob, () => account.GetStatement(null)));
        Assert.Null(await As(Bob, account.GetLedger));
        Assert.False(deposit.IsCompleted);
        cluster.Storage.Release("hanging");
        Assert.True((await deposit).IsDone);
    }

    private static async Task<T> As<T>(Caller caller, Func<Task<T>> call)
    {
        Caller.Current = caller;
        return await call();
    }
}
