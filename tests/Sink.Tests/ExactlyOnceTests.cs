using Banking.Sink.Tests.Support;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests;

/// <summary>Random lives and deaths of a partition's owners; afterwards every event is in its table once.</summary>
public sealed class ExactlyOnceTests
{
    [Fact]
    public Task Lives_WhenEachDiesAtAnyCall_ThenEveryEventIsInTheLakeOnce() =>
        Gen.Int.SampleAsync(DieAndRestartAsync, iter: 50, threads: 1);

    [Fact]
    public Task Owners_WhenTwoRaceWithDifferentClocks_ThenEveryEventIsInTheLakeOnce() =>
        Gen.Int.SampleAsync(RaceAsync, iter: 25, threads: 1);

    private static async Task DieAndRestartAsync(int seed)
    {
        var random = new Random(seed);
        using var fixture = Fixture(random);
        var events = new RandomEvents(random, fixture.Log);
        for (var life = random.Next(1, 6); life > 0; life--)
        {
            events.Add(random.Next(60));
            fixture.Time.Advance(TimeSpan.FromHours(random.Next(20)));
            await LiveUntilDeathAsync(fixture, new MortalStore(fixture.Store, random.Next(1, 120), random.Next(2) == 0), random);
            LoseSomething(fixture, random);
        }

        events.Add(random.Next(60));
        await (await fixture.OpenAsync()).DrainAsync();

        await LakeAudit.AssertExactlyOnceAsync(fixture);
    }

    private static async Task LiveUntilDeathAsync(SinkFixture fixture, MortalStore store, Random random)
    {
        TestSink sink;
        try
        {
            sink = await fixture.OpenAsync(store);
        }
        catch (IOException)
        {
            // Died while it looked for the chains' ends.
            return;
        }

        var work = WorkAsync(sink, random.Next(1, 30));
        await Task.WhenAny(work, store.Died);
        if (work.IsCompletedSuccessfully) await sink.TickAsync();
        if (work.IsCompletedSuccessfully && random.Next(2) == 0) await Task.WhenAny(sink.CloseAsync(), store.Died);
        await sink.KillAsync();
    }

    private static async Task WorkAsync(TestSink sink, int batchSize)
    {
        await sink.TakeAllAsync(batchSize);
        var next = (await sink.StatusAsync()).NextOffset;
        if (next > 0) await sink.FlushAsync(next - 1);
    }

    private static async Task RaceAsync(int seed)
    {
        var random = new Random(seed);
        using var fixture = Fixture(random);
        var events = new RandomEvents(random, fixture.Log);
        events.Add(random.Next(1, 80));
        fixture.Options.WaitTimeout = TimeSpan.FromDays(1);
        var sinks = new List<TestSink>();
        var clocks = new List<FakeTimeProvider>();
        for (var i = 0; i < 3; i++)
        {
            clocks.Add(new FakeTimeProvider(fixture.Time.GetUtcNow() + TimeSpan.FromHours(random.Next(-30, 30))));
            sinks.Add(await fixture.OpenAsync(time: clocks[^1]));
            await sinks[^1].TakeAllAsync(random.Next(1, 30));
            events.Add(random.Next(40));
        }

        // With its clock ahead, an owner removes what another one has just staged: that one tries again.
        await clocks.RunUntilAsync(Task.WhenAll(sinks.Select(sink => sink.DrainAsync())));

        await LakeAudit.AssertExactlyOnceAsync(fixture);
    }

    private static SinkFixture Fixture(Random random)
    {
        var fixture = new SinkFixture(random.Next(1, 20));
        fixture.Options.MaxRows = random.Next(1, 40);
        return fixture;
    }

    // The saved numbers, the claims and the committed offset are shortcuts: without them the lake itself is read.
    private static void LoseSomething(SinkFixture fixture, Random random)
    {
        if (random.Next(5) == 0) fixture.Log.Committed = null;
        foreach (var folder in new[] { "_sequences", "_chains" })
        {
            var path = Path.Combine(fixture.Root, folder);
            if (random.Next(5) == 0 && Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
    }
}
