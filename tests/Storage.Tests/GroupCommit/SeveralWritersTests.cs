using System.Collections.Concurrent;
using Banking.Storage.GroupCommit;
using Banking.Storage.Telemetry;

namespace Banking.Storage.Tests.GroupCommit;

public sealed class SeveralWritersTests
{
    [Fact]
    public async Task Write_WhenSeveralWritersCommit_ThenARowIsInOneTransactionAtATimeAndInOrder()
    {
        const int rows = 5;
        const int writes = 4_000;
        using var metrics = new StorageMetrics("test", () => 0);
        var database = new Database();
        var writer = new GroupWriter(
            "test", new WriteQueue(
                writes, maxRows: 3, maxBytes: 1_000,
                TimeProvider.System), [.. Enumerable.Range(0, 4).Select(_ => new Committer(database))], metrics,
            TimeProvider.System, new RecordingLogger());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, writes).Select(i => writer.WriteAsync(
            new GrainWrite(new GrainRow($"row {i % rows}", default), expected: i / rows, new byte[1], isPending: false, writtenAt: 0))));
        await writer.StopAsync();

        Assert.Null(database.Overlap);
        Assert.DoesNotContain(outcomes, outcome => outcome.IsConflict);
        Assert.Equal(4, database.Closed);
    }

    [Fact]
    public async Task Write_WhileAnotherTransactionIsInFlight_IsCommittedBesideIt()
    {
        using var metrics = new StorageMetrics("test", () => 0);
        var (first, second) = (new FakeCommitter(), new FakeCommitter());
        var writer = new GroupWriter(
            "test", new WriteQueue(10, maxRows: 3, maxBytes: 1_000, TimeProvider.System), [first, second], metrics, TimeProvider.System,
            new RecordingLogger());
        first.Close();
        second.Close();
        var (firstEntered, secondEntered) = (first.Entered(), second.Entered());
        var a = writer.WriteAsync(new GrainWrite(new GrainRow("a", default), 0, new byte[1], isPending: false, writtenAt: 0));
        await await Task.WhenAny(firstEntered, secondEntered);

        var b = writer.WriteAsync(new GrainWrite(new GrainRow("b", default), 0, new byte[1], isPending: false, writtenAt: 0));

        await Task.WhenAll(firstEntered, secondEntered);
        Assert.False(a.IsCompleted || b.IsCompleted);
        first.Open();
        second.Open();
        await Task.WhenAll(a, b);
        await writer.StopAsync();
    }

    private sealed class Database
    {
        public ConcurrentDictionary<GrainRow, byte> UnderWay { get; } = new();

        public ConcurrentDictionary<GrainRow, long> Versions { get; } = new();

        public GrainRow? Overlap { get; set; }

        public int Closed;
    }

    private sealed class Committer(Database database) : IBatchCommitter
    {
        public void Commit(IReadOnlyList<GrainWrite> batch)
        {
            foreach (var write in batch)
            {
                if (!database.UnderWay.TryAdd(write.Row, 0)) database.Overlap = write.Row;
            }

            Thread.Yield();
            foreach (var write in batch)
            {
                var current = database.Versions.GetValueOrDefault(write.Row);
                if (current != write.Expected) write.Refuse(current);
                else write.Accept(database.Versions[write.Row] = current + 1);
            }

            foreach (var write in batch) database.UnderWay.TryRemove(write.Row, out _);
        }

        public void Tidy()
        {
        }

        public void Dispose() => Interlocked.Increment(ref database.Closed);
    }
}
