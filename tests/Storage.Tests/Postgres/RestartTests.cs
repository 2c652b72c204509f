using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;

namespace Banking.Storage.Tests.Postgres;

/// <summary>A database that an operator restarts, or that dies, under writers.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private const int Writers = 16;
    private PostgresServer _server = null!;
    private StorageUnderTest _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Databases.OwnServer();
        _storage = await StorageUnderTest.StartPostgres(options =>
        {
            options.ConnectionString = _server.ConnectionString;
            options.ReconnectTimeout = TimeSpan.FromMinutes(1);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_WhenTheServerGoesAndComesBack_ThenAnsweredWritesAreThereAndOthersGoOn(bool killed)
    {
        using var enough = new CancellationTokenSource();
        var answered = new int[Writers];
        var writers = Enumerable.Range(0, Writers).Select(id => Task.Run(() => WriteOn(id, answered, enough.Token))).ToArray();
        await Eventually.True(() => answered.All(count => count > 5), "all write");

        if (killed) await _server.Kill();
        else await _server.Stop();
        await _server.Start();
        var before = answered.ToArray();
        await Eventually.True(
            () => answered.Zip(before).All(pair => pair.First > pair.Second + 5), "all write again");
        await enough.CancelAsync();
        await Task.WhenAll(writers);

        for (var id = 0; id < Writers; id++) Assert.Equal(answered[id], (await Read(id)).State!.Attachment.Length);
    }

    // As a grain does: after a failure it reads what is there.
    private async Task WriteOn(int id, int[] answered, CancellationToken enough)
    {
        var state = await Read(id);
        while (!enough.IsCancellationRequested)
        {
            var count = state.State!.Attachment.Length;
            Assert.InRange(count, answered[id], answered[id] + 1);
            answered[id] = count;
            state.State.Attachment = new byte[count + 1];
            try
            {
                await _storage.Storage.WriteStateAsync("note", GrainId.Create("note", $"{id}"), state);
                answered[id] = count + 1;
            }
            catch (StorageWriteFailedException)
            {
                state = await Read(id);
            }
        }
    }

    private async Task<GrainState<Note>> Read(int id)
    {
        var state = new GrainState<Note>();
        await _storage.Storage.ReadStateAsync("note", GrainId.Create("note", $"{id}"), state);
        return state;
    }
}
