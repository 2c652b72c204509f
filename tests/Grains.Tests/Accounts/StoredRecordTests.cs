using Banking.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Banking.Grains.Tests.Accounts;

/// <summary>
/// A record as a build of November 2026 stored it, with a memory of eight results: an account was opened; then came six deposits under
/// UUIDv7 ids and six under <c>order-1</c> to <c>order-6</c>, a withdrawal that was refused (<c>too-much</c>), and a purchase
/// (<c>buy</c>).
/// </summary>
public sealed class StoredRecordTests
{
    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void Record_OfAnEarlierBuild_IsReadWithItsResultsAndItsHorizon()
    {
        var player = new Player { State = Read(), Now = Player.Start.AddMinutes(1) };
        player.State = player.State with { Memory = player.State.Memory.Loaded(ForgottenKeys.Empty) };

        Assert.Equal(
            (true, "Alice A.", 14L, 2),
            (player.State.IsOpen, player.State.FullName, player.State.SequenceNumber, player.State.Outbox.Length));
        Assert.Equal(8, player.State.Memory.Actions.Count());
        var replay = player.Do(new Deposit(60) { ActionId = "order-6" });
        Assert.Equal((true, 13L, 231m), (replay.Replayed, replay.SequenceNumber, replay.CashBalance));
        Assert.Equal(ActionCode.CashShort, player.Do(new Withdraw(1_000_000m) { ActionId = "too-much" }).Code);
        Assert.Equal(ActionCode.ActionTooOld, player.Do(new Deposit(1) { ActionId = "019ab5d8-d901-7000-8000-000000000000" }).Code);
        Assert.Equal(ActionCode.ActionTooOld, player.Do(new Deposit(1) { ActionId = "019ab5d8-d801-7000-8000-000000000001" }).Code);
    }

    [Fact]
    public void Record_OfAnEarlierBuild_WhenItsResultsAreForgotten_ThenTheirIdsAreNot()
    {
        var player = new Player { State = Read(), Now = Player.Start.AddMinutes(10) };
        player.State = player.State with { Memory = player.State.Memory.Loaded(ForgottenKeys.Empty) };
        for (var i = 0; i < 40; i++) player.Do(player.Deposit(1));

        Assert.Equal(ActionCode.ActionForgotten, player.Do(new Deposit(60) { ActionId = "order-6" }).Code);
        Assert.Equal(ActionCode.ActionTooOld, player.Do(new Deposit(6) { ActionId = "019ab5d8-d906-7000-8000-000000000000" }).Code);
    }

    [Fact]
    public void Record_OfThisBuild_IsReadAsItWas()
    {
        var player = new Player(options: new AccountOptions { RememberedActions = 200, MaxUnpublishedEvents = 10_000 });
        player.Do(player.Open());
        for (var i = 0; i < 1_000; i++)
        {
            player.Now = Player.Start.AddMinutes(i);
            var id = i % 3 == 0 ? $"order-{i}" : Guid.CreateVersion7(player.Now.AddSeconds(-i % 60)).ToString();
            player.Do(new Deposit(1) { ActionId = id });
        }

        var memory = player.State.Memory;
        var read = Serializer.Deserialize<AccountState>(Serializer.SerializeToArray(player.State))!.Memory;

        Assert.Equal(memory.Actions, read.Actions);
        Assert.Equal((memory.Added, memory.ForgottenUpTo), (read.Added, read.ForgottenUpTo));
        Assert.Equal(memory.RecordKeys.ToArray(), read.RecordKeys.ToArray());
        foreach (var i in Enumerable.Range(0, 1_000))
        {
            var identity = ActionIdentity.Of(new Deposit(1) { ActionId = Guid.CreateVersion7(Player.Start.AddMinutes(i)).ToString() });
            Assert.Equal(memory.CheckUnknown(identity, player.Now), read.CheckUnknown(identity, player.Now));
        }
    }

    private static AccountState Read()
    {
        using var stream = typeof(StoredRecordTests).Assembly.GetManifestResourceStream(
            "Banking.Grains.Tests.Accounts.account-record-of-november.bin")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Serializer.Deserialize<AccountState>(bytes)!;
    }
}
