using Banking.Lake.Days;
using Banking.Lake.Store;
using Banking.Sink.Tests.Support;
using CsCheck;

namespace Banking.Sink.Tests.Compaction;

/// <summary>
/// A reader who looks after every step of compactions that die, race and start anew, while files go on coming: it never sees a row twice,
/// and none that it saw goes.
/// </summary>
public sealed class CompactionFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compact_WhenItDiesAtAnyCall_ThenAReaderSeesEachRowOnceAtAllTimes(bool afterwards)
    {
        for (var call = 1; ; call++)
        {
            using var lake = new CompactionLake();
            lake.Sink.Time.Advance(TimeSpan.FromDays(1));
            await lake.AddFilesAsync(2, rows: 2);
            await lake.CompactAsync();
            await lake.AddFilesAsync(2, rows: 2);
            var eye = new Eye(lake);
            var mortal = new MortalStore(lake.Sink.Store, call, afterwards);
            var died = await DiesAsync(() => lake.CompactAsync(new ObservedStore(mortal, eye.LookAsync)));
            await eye.LookAsync();

            // The next process: the catalog's grain puts right what it finds, then there is another compaction.
            await lake.PublishAsync();
            await eye.LookAsync();
            Assert.Equal(8, eye.Rows);
            await lake.AddFilesAsync(1);
            await lake.CompactAsync(new ObservedStore(lake.Sink.Store, eye.LookAsync));
            await eye.LookAsync();
            Assert.Equal(11, eye.Rows);
            if (!died) break;
        }
    }

    [Fact]
    public async Task Compact_WhenTheFirstOneDiesAtAnyCall_ThenAReaderSeesEachRowOnceAtAllTimes()
    {
        for (var call = 1; ; call++)
        {
            using var lake = new CompactionLake();
            lake.Sink.Time.Advance(TimeSpan.FromDays(1));
            await lake.AddFilesAsync(3, rows: 2);
            var eye = new Eye(lake);
            var died = await DiesAsync(
                () =>
                    lake.CompactAsync(new ObservedStore(new MortalStore(lake.Sink.Store, call, afterwards: call % 2 == 0), eye.LookAsync)));
            await eye.LookAsync();
            await lake.PublishAsync();
            await lake.AddFilesAsync(1, rows: 2);
            await eye.LookAsync();
            await lake.CompactAsync(new ObservedStore(lake.Sink.Store, eye.LookAsync));
            await lake.PublishAsync();
            await eye.LookAsync();
            Assert.Equal(8, eye.Rows);
            if (!died) break;
        }
    }

    [Fact]
    public Task Compact_WhenFilesComeAtAnyMoment_ThenAReaderSeesEachRowOnceAtAllTimes() =>
        Gen.Int.SampleAsync(CompactWhileFilesComeAsync, iter: 6, threads: 1);

    private static async Task CompactWhileFilesComeAsync(int seed)
    {
        var random = new Random(seed);
        using var lake = new CompactionLake();
        lake.Sink.Time.Advance(TimeSpan.FromDays(1));
        var sink = await lake.Sink.OpenAsync();
        await lake.AddFilesAsync(3, sink: sink);
        var eye = new Eye(lake);
        var coming = Task.CompletedTask;
        var store = new ObservedStore(lake.Sink.Store, async () =>
        {
            // Not waited for: a file that is to be seen in the day's folder may have to wait for a switch.
            if (coming.IsCompleted && random.Next(6) == 0) coming = lake.AddFilesAsync(1, 1, sink);
            if (random.Next(3) == 0) await Task.Yield();
            await eye.LookAsync();
        });
        for (var round = 0; round < 3; round++)
        {
            var compacting = CompactAsync(lake, store);

            // Less than the sink waits for a switch, as this clock runs much faster than the disk.
            for (var ticks = 0; !compacting.IsCompleted; ticks++)
            {
                if (ticks < 150) lake.Sink.Time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.WhenAny(compacting, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token));
            }

            await compacting;
            await eye.LookAsync();
        }

        while (!coming.IsCompleted)
        {
            lake.Sink.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(coming, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token));
        }

        await coming;
        await lake.PublishAsync();
        await eye.LookAsync();
        Assert.Equal(lake.Sink.Log.Records.Count, eye.Rows);
    }

    private static async Task CompactAsync(CompactionLake lake, ILakeStore store)
    {
        try
        {
            await lake.CompactAsync(store);
        }
        catch (DayNotCompactableException)
        {
            // A file was on its way all the time; the next round has another try.
        }
    }

    private static async Task<bool> DiesAsync(Func<Task> compact)
    {
        try
        {
            await compact();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Looks at the day as engines do that go by the catalog, and as those that go by the manifests.</summary>
    private sealed class Eye(CompactionLake lake)
    {
        private readonly HashSet<long>[] _seen = [[], []];

        public int Rows => _seen[0].Count;

        public async Task LookAsync()
        {
            Check(_seen[0], await lake.VisibleAsync());
            Check(_seen[1], await lake.VisibleByManifestAsync());
        }

        private static void Check(HashSet<long> seen, List<long> visible)
        {
            var rows = visible.ToHashSet();
            Assert.Equal(rows.Count, visible.Count);
            Assert.Empty(seen.Except(rows));
            seen.UnionWith(rows);
        }
    }
}
