using Banking.Lake.Store;
using Banking.Sink.Tests.Support;
using Banking.Streaming.Log;
using CsCheck;

namespace Banking.Sink.Tests;

/// <summary>
/// Random lives of a partition's owners between which lake, log and group offset are put back to older states, alone or together: never is
/// a row missing or there twice without the sink having refused first, and with the right log back it goes on.
/// </summary>
public sealed class RestoreTests
{
    [Fact]
    public Task Lives_WhenPartsArePutBackAtAnyTime_ThenEveryEventIsInTheLakeOnceOrTheSinkRefuses() =>
        Gen.Int.SampleAsync(RunAsync, iter: 40, threads: 1);

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        using var fixture = new SinkFixture(random.Next(1, 20));
        fixture.Options.MaxRows = random.Next(1, 40);
        using var parts = new Backups(fixture);
        var events = new RandomEvents(random, fixture.Log);
        for (var life = random.Next(2, 6); life > 0; life--)
        {
            events.Add(random.Next(40));
            fixture.Time.Advance(TimeSpan.FromHours(random.Next(20)));
            await LiveAsync(fixture, random);
            if (random.Next(2) == 0) parts.Take();
            parts.PutBackSomething(random);
            await CheckLogAsync(fixture, parts, random);
        }

        events.Add(random.Next(40));
        await (await fixture.OpenAsync()).DrainAsync();

        await LakeAudit.AssertExactlyOnceAsync(fixture);
    }

    private static async Task LiveAsync(SinkFixture fixture, Random random)
    {
        // Two owners: one that dies at any call, and one that takes over before the other knows.
        var store = new MortalStore(fixture.Store, random.Next(1, 120), random.Next(2) == 0);
        TestSink sink;
        try
        {
            sink = await fixture.OpenAsync(store);
        }
        catch (IOException)
        {
            return;
        }

        var work = WorkAsync(sink);
        if (random.Next(3) == 0)
        {
            var other = await fixture.OpenAsync();
            await other.DrainAsync();
            await other.TickAsync();
            await other.KillAsync();
        }

        await Task.WhenAny(work, store.Died);
        if (work.IsCompletedSuccessfully && random.Next(2) == 0) await Task.WhenAny(sink.CloseAsync(), store.Died);
        await sink.KillAsync();
    }

    private static async Task WorkAsync(TestSink sink)
    {
        await sink.TakeAllAsync();
        await sink.TickAsync();
        if ((await sink.StatusAsync()).NextOffset is > 0 and var next) await sink.FlushAsync(next - 1);
    }

    /// <summary>
    /// An older log: other records come at the offsets that it lost. Where the lake had looked at those, the sink must refuse, now and
    /// after the log has grown; then the right log is put back. Where it had not, nothing of them is in the lake, and the log as it is
    /// counts.
    /// </summary>
    private static async Task CheckLogAsync(SinkFixture fixture, Backups parts, Random random)
    {
        if (parts.OlderLog(random) is not { } older) return;
        var right = fixture.Log.Records;
        fixture.Log.Replace(older);
        for (var more = random.Next(60); more > 0; more--) fixture.Log.Add(
            Json.Deposit($"new{random.Next(3)}", 1_000_000 + fixture.Log.Records.Count), Json.Noon);
        try
        {
            var sink = await fixture.OpenAsync();
            await sink.DrainAsync();
        }
        catch (LakeRefusalException)
        {
            fixture.Log.Replace(right);
            return;
        }

        await LakeAudit.AssertExactlyOnceAsync(fixture);
    }

    private sealed class Backups(SinkFixture fixture) : IDisposable
    {
        private readonly List<(TemporaryFolder Lake, List<LogRecord> Log)> _taken = [];

        public void Take()
        {
            var folder = new TemporaryFolder(inMemory: true);
            FolderCopy.Make(fixture.Root, folder.Path);
            _taken.Add((folder, [.. fixture.Log.Records]));
        }

        public void PutBackSomething(Random random)
        {
            if (random.Next(2) == 0)
            {
                fixture.Log.Committed = random.Next(4) switch { 0 => null, 1 => 0, 2 => random.Next(500), _ => long.MaxValue };
            }
            foreach (var folder in new[] { "_sequences", "_chains" })
            {
                var path = Path.Combine(fixture.Root, folder);
                if (random.Next(6) == 0 && Directory.Exists(path)) Directory.Delete(path, recursive: true);
            }

            // Only copies of a lake that this log fed: what is in another one of an earlier log would be refused.
            var fitting = _taken.Where(
                copy => copy.Log.Count <= fixture.Log.Records.Count
                    && copy.Log.Select(Identity).SequenceEqual(fixture.Log.Records.Take(copy.Log.Count).Select(Identity))).ToList();
            if (fitting.Count > 0 && random.Next(2) == 0) FolderCopy.PutBack(fitting[random.Next(fitting.Count)].Lake.Path, fixture.Root);
        }

        public List<LogRecord>? OlderLog(Random random)
        {
            if (random.Next(3) != 0) return null;
            var records = fixture.Log.Records;
            return records.Count < 2 ? null : [.. records.Take(random.Next(1, records.Count))];
        }

        public void Dispose()
        {
            foreach (var (folder, _) in _taken) folder.Dispose();
        }

        private static (long Offset, string Value) Identity(LogRecord record) => (record.Offset, Convert.ToHexString(record.Value.Span));
    }
}
