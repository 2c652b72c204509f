using Banking.Lake;
using Banking.Sink.Partitions;

namespace Banking.Sink.Tests.Support;

/// <summary>A partition's sink, called in turns.</summary>
internal sealed class TestSink(PartitionSink sink, Turns turns, SinkFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<SinkStatus> StatusAsync() => turns.Run(() => sink.Status);

    /// <summary>Delivers what the log holds from where the sink stands, in batches.</summary>
    public async Task TakeAllAsync(int batchSize = 100)
    {
        var records = fixture.Log.Records;
        var next = (await StatusAsync()).NextOffset;
        foreach (var chunk in records.Where(record => record.Offset >= next).Chunk(batchSize)) await TakeAsync(new(0, chunk));
    }

    public Task TakeAsync(Streaming.Log.LogRecordBatch batch) => turns.Run(() => sink.TakeAsync(batch, Token));

    public Task TickAsync() => turns.Run(() => sink.TickAsync(Token));

    public Task FlushAsync(long offset) => turns.Run(() => sink.FlushAsync(offset, Token));

    /// <summary>Takes all that is in the log and makes it durable.</summary>
    public async Task DrainAsync()
    {
        await TakeAllAsync();
        var next = (await StatusAsync()).NextOffset;
        if (next > 0) await FlushAsync(next - 1);
    }

    public Task CloseAsync() => turns.Run(() => sink.CloseAsync(Token));

    /// <summary>As when its process dies: nothing is committed any more.</summary>
    public Task KillAsync() => turns.Run(() =>
    {
        sink.Dispose();
        return Task.CompletedTask;
    });
}
