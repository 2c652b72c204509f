using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;
using Orleans.Storage;

namespace Banking.Storage.Tests.Postgres;

/// <summary>Several silos on one database, each of which may believe that it owns a grain.</summary>
public sealed class SeveralSilosTests : IAsyncLifetime
{
    private const int Grains = 300;
    private string _database = null!;
    private StorageUnderTest[] _silos = [];

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.Create();
        _silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StorageUnderTest.StartPostgres(options =>
        {
            options.ConnectionString = _database;
            options.Writers = 3;
            options.MaxTransactionRows = 40;
        })));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await Databases.Drop(_database);
    }

    [Fact]
    public async Task Write_WhenAllSilosBelieveThatTheyOwnEveryGrain_ThenOneWinsEachWriteOfEach()
    {
        var etags = new string?[Grains];
        for (var round = 0; round < 5; round++)
        {
            // In orders of their own, so that their transactions also meet the other way round.
            var outcomes = await Task.WhenAll(
                _silos.Select((silo, number) => WriteAll(silo, number, etags, new Random((round * 10) + number))));

            for (var grain = 0; grain < Grains; grain++)
            {
                var winner = Assert.Single(Enumerable.Range(0, _silos.Length), silo => outcomes[silo][grain] is not null);
                etags[grain] = outcomes[winner][grain];
                var read = new GrainState<Note>();
                await _silos[(winner + 1) % _silos.Length].Storage.ReadStateAsync("note", Id(grain), read);
                Assert.Equal(($"silo {winner}", etags[grain]), (read.State!.Text, read.ETag));
            }
        }
    }

    private static GrainId Id(int grain) => GrainId.Create("note", $"grain-{grain}");

    /// <returns>The new ETags of the grains that this silo won.</returns>
    private static async Task<string?[]> WriteAll(StorageUnderTest silo, int number, string?[] etags, Random random)
    {
        var won = new string?[Grains];
        var order = Enumerable.Range(0, Grains).ToArray();
        random.Shuffle(order);
        await Task.WhenAll(order.Select(async grain =>
        {
            var state = new GrainState<Note>(new Note { Text = $"silo {number}" }, etags[grain]);
            try
            {
                await silo.Storage.WriteStateAsync("note", Id(grain), state);
                won[grain] = state.ETag;
            }
            catch (InconsistentStateException)
            {
                // Another silo was first.
            }
        }));
        return won;
    }
}
