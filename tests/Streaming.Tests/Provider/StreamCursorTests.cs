using System.Globalization;
using Banking.Streaming.Provider;
using CsCheck;

namespace Banking.Streaming.Tests.Provider;

public sealed class StreamCursorTests
{
    private static readonly StreamId Own = StreamId.Create("events", "0");

    [Fact]
    public void MoveNext_WhenRecordsFollowEachOther_ThenTheyComeAsOneBatchUpToTheLimit()
    {
        using var rig = Rig(batch: 10);
        Append(rig, 25);
        var cursor = rig.Open(Own, null);
        while (rig.Pump(7)) { }

        int?[] sizes = [.. Enumerable.Range(0, 4).Select(_ => rig.Next(cursor)?.Length)];

        Assert.Equal([10, 10, 5, null], sizes);
    }

    [Fact]
    public void MoveNext_WhenATokenWasGiven_ThenItsRecordComesAloneFirst()
    {
        using var rig = Rig(batch: 10);
        Append(rig, 20);
        rig.Pump(20);

        var cursor = rig.Open(Own, 5);

        Assert.Equal([5], rig.Next(cursor)!.Select(record => record.Offset));
        Assert.Equal(6, rig.Next(cursor)![0].Offset);
    }

    [Fact]
    public void MoveNext_WhenTheTokenLeftTheCache_ThenTheLogIsReadWithoutGapOrDouble()
    {
        using var rig = Rig(batch: 10, cache: 20);
        Append(rig, 100);
        while (rig.Pump(10)) { }
        var head = rig.Open(Own, null);
        rig.Next(head);
        while (rig.Pump(10)) { }

        var cursor = rig.Open(Own, 3);

        Assert.Equal(Enumerable.Range(3, 97).Select(i => (long)i), Drain(rig, cursor));
    }

    [Fact]
    public void MoveNext_WhenTheLogAnswersLater_ThenTheStreamIsWokenAndNothingIsMissing()
    {
        using var rig = Rig(batch: 10, cache: 20);
        Append(rig, 60);
        while (rig.Pump(10)) { }
        rig.Log.HoldReads = true;
        var cursor = rig.Open(Own, 0);
        List<long> seen = [];

        for (var round = 0; round < 100 && seen.Count < 60; round++)
        {
            seen.AddRange(Drain(rig, cursor));
            rig.Log.ReleaseReads();
            if (seen.Count < 60 && rig.Cache.Find(seen.Count) is null) Assert.NotEmpty(rig.Cache.TakeWakes());
        }

        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), seen);
    }

    [Fact]
    public void MoveNext_WhenRetentionTookTheTokenAndThePolicyIsBlock_ThenItWaits()
    {
        using var rig = Rig(batch: 10, cache: 20);
        Append(rig, 60);
        while (rig.Pump(10)) { }
        rig.Cache.StartAt(60);
        rig.Log.First = 30;

        Assert.Null(rig.Next(rig.Open(Own, 5)));
    }

    [Fact]
    public void MoveNext_WhenRetentionTookTheTokenAndThePolicyIsContinue_ThenItGoesOnAtTheFirst()
    {
        using var rig = Rig(batch: 10, cache: 20, lost: LostOffsetPolicy.Continue);
        Append(rig, 60);
        rig.Cache.StartAt(60);
        rig.Log.First = 30;

        Assert.Equal(30, rig.Next(rig.Open(Own, 5))![0].Offset);
    }

    [Fact]
    public void HasRoom_WhenTheOnlyCursorIsSlow_ThenTheCacheHoldsBack()
    {
        using var rig = Rig(batch: 10, cache: 20);
        Append(rig, 100);
        var cursor = rig.Open(Own, null);

        while (rig.Pump(10)) { }

        Assert.Equal(20, rig.Cache.RecordCount);
        rig.Next(cursor);
        rig.Next(cursor);
        Assert.True(rig.Cache.HasRoom);
    }

    [Fact]
    public void RecordDeliveryFailure_WhenThePolicyIsBlock_ThenTheSameRecordsComeAgain()
    {
        using var rig = Rig(batch: 10);
        Append(rig, 10);
        var cursor = rig.Open(Own, null);
        rig.Pump(10);
        rig.Next(cursor);

        cursor.RecordDeliveryFailure();

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), Drain(rig, cursor));
    }

    [Fact]
    public void RecordDeliveryFailure_WhenThePolicyIsSkip_ThenTheRecordsComeOneByOne()
    {
        using var rig = Rig(batch: 3, failure: FailurePolicy.Skip);
        Append(rig, 5);
        var cursor = rig.Open(Own, null);
        rig.Pump(10);
        rig.Next(cursor);

        cursor.RecordDeliveryFailure();

        Assert.Equal(0, Assert.Single(rig.Next(cursor)!).Offset);
        cursor.RecordDeliveryFailure();
        Assert.Equal(1, Assert.Single(rig.Next(cursor)!).Offset);
        Assert.Equal(2, Assert.Single(rig.Next(cursor)!).Offset);
        Assert.Equal(2, rig.Next(cursor)!.Length);
    }

    [Fact]
    public async Task RecordDeliveryFailure_WhenThePolicyIsDeadLetter_ThenNothingPassesBeforeTheLetterIsDurable()
    {
        using var rig = Rig(batch: 1, failure: FailurePolicy.DeadLetter);
        var opened = new TaskCompletionSource();
        rig.Letters.Opened = opened.Task;
        Append(rig, 2);
        var cursor = rig.Open(Own, null);
        rig.Pump(10);
        rig.Next(cursor);
        rig.Time.Advance(rig.Cache.Options.MaxDeliveryTime);

        cursor.RecordDeliveryFailure();

        Assert.Null(rig.Next(cursor));
        Assert.Equal(0, rig.Cache.DoneBelow());
        Assert.Empty(rig.Cache.TakeWakes());
        var signal = rig.Cache.Signal.Next;
        opened.SetResult();
        await signal.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Single(rig.Cache.TakeWakes());
        Assert.Equal(0, Assert.Single(rig.Letters.Letters).Record.Offset);
        Assert.Equal(1, rig.Next(cursor)![0].Offset);
    }

    [Fact]
    public void RecordDeliveryFailure_WhenTheDeliveryHadNoTime_ThenTheRecordIsNoLetter()
    {
        using var rig = Rig(batch: 1, failure: FailurePolicy.DeadLetter);
        Append(rig, 1);
        var cursor = rig.Open(Own, null);
        rig.Pump(10);
        rig.Next(cursor);

        cursor.RecordDeliveryFailure();

        Assert.Empty(rig.Letters.Letters);
        Assert.Equal(0, rig.Next(cursor)![0].Offset);
    }

    [Fact]
    public void DoneBelow_WhenABatchIsUnderWay_ThenItIsNotDone()
    {
        using var rig = Rig(batch: 4);
        Append(rig, 10);
        var cursor = rig.Open(Own, null);
        rig.Pump(10);

        rig.Next(cursor);
        rig.Next(cursor);

        Assert.Equal(4, rig.Cache.DoneBelow());
    }

    [Fact]
    public void MoveNext_WhenManyStreamsShareAPartition_ThenEachCursorSeesExactlyItsOwnInOrder() =>
        Gen.Select(
            Gen.Int[1, 6], Gen.Int[1, 12], Gen.Int[12, 40], Gen.Int[1, 15],
            Gen.Int[0, 1_000_000]).Sample((streams, batch, cache, chunk, seed) =>
        {
            using var rig = Rig(batch, cache);
            var random = new Random(seed);
            var names = Enumerable.Range(0, streams)
                .Select(i => i == 0 ? Own : StreamId.Create("s", i.ToString(CultureInfo.InvariantCulture)))
                .ToArray();
            var cursors = names.Select(name => rig.Open(name, null)).ToArray();
            var expected = names.Select(_ => new List<long>()).ToArray();
            var seen = names.Select(_ => new List<long>()).ToArray();
            for (long offset = 0; offset < 200; offset++)
            {
                var stream = random.Next(streams);
                rig.Log.Append(stream == 0 ? [] : rig.HeadersOf(names[stream]));
                expected[stream].Add(offset);
                if (random.Next(3) == 0) rig.Pump(chunk);
                var reader = random.Next(streams);
                if (random.Next(3) == 0) seen[reader].AddRange(rig.Next(cursors[reader])?.Select(record => record.Offset) ?? []);
            }

            for (var round = 0; round < 400; round++)
            {
                rig.Pump(chunk);
                for (var i = 0; i < streams; i++) seen[i].AddRange(rig.Next(cursors[i])?.Select(record => record.Offset) ?? []);
            }

            for (var i = 0; i < streams; i++) Assert.Equal(expected[i], seen[i]);
        }, iter: 100);

    private static List<long> Drain(CacheRig rig, StreamCursor cursor)
    {
        List<long> offsets = [];
        while (rig.Next(cursor) is { } records) offsets.AddRange(records.Select(record => record.Offset));
        return offsets;
    }

    private static void Append(CacheRig rig, int records)
    {
        for (var i = 0; i < records; i++) rig.Log.Append([]);
    }

    private static CacheRig Rig(
        int batch, int cache = 10_000, FailurePolicy failure = FailurePolicy.Block, LostOffsetPolicy lost = LostOffsetPolicy.Block) =>
        new(new LogStreamOptions { BatchRecords = batch, CacheRecords = cache, FailurePolicy = failure, LostOffsetPolicy = lost });
}
