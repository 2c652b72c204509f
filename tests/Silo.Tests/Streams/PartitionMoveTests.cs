using System.Net;
using System.Text;
using Banking.Accounts;
using Banking.Events;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Banking.Silo.Tests.Streams;

/// <summary>An account that an earlier number of partitions put elsewhere, on the built program with its real log and lake.</summary>
public sealed class PartitionMoveTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Deposit_WhenTheAccountIsElsewhereAndItsEventsAreInTheLake_ThenItMovesHomeWhileItRests()
    {
        var id = "p" + Guid.NewGuid().ToString("N");
        var home = silo.Services.GetRequiredService<IEventPartitions>().Of(id)!;
        var elsewhere = home with { Number = (home.Number + 1) % 4 };
        await Storage.WriteStateAsync(
            GameNames.AccountState, GrainOf(id), new GrainState<AccountState>(new AccountState { Partition = elsewhere }));

        await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"Ann Example"}""");
        await Deposit(id);
        await Eventually.True(async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await silo.Post("/v1/lake/flush", "")).Status);
            return await PartitionOf(id) == home;
        });
        await Deposit(id);
        await silo.Post("/v1/lake/flush", "");

        Assert.Equal((2, 1), (await Count(elsewhere, id), await Count(home, id)));
    }

    private IGrainStorage Storage => silo.Services.GetRequiredKeyedService<IGrainStorage>(GameNames.Storage);

    private static GrainId GrainOf(string id) => GrainId.Create("account", id);

    private async Task Deposit(string id) =>
        Assert.Equal(HttpStatusCode.OK, (await silo.Post($"/v1/accounts/{id}/deposits", """{"amount":1}""")).Status);

    private async Task<EventPartition?> PartitionOf(string id)
    {
        var stored = new GrainState<AccountState>();
        await Storage.ReadStateAsync(GameNames.AccountState, GrainOf(id), stored);
        return stored.State!.Partition;
    }

    private async Task<int> Count(EventPartition partition, string id)
    {
        var log = silo.Services.GetRequiredKeyedService<IPartitionedLog>(GameNames.Streams);
        var first = (await log.GetBoundsAsync(partition.Number, TestContext.Current.CancellationToken)).First;
        await using var reader = await log.OpenReaderAsync(partition.Number, first, TestContext.Current.CancellationToken);
        var records = await reader.ReadAsync(1_000, TestContext.Current.CancellationToken);
        return records.Count(r => Encoding.UTF8.GetString(r.Key.Span) == id);
    }
}
