using Banking.Streaming.Provider;

namespace Banking.Streaming.Tests.Provider;

/// <summary>What an agent asks for in one run of its code, and what it never looks at.</summary>
public sealed class CursorRunTests
{
    private static readonly StreamId Own = StreamId.Create("events", "0");

    [Fact]
    public void DoneBelow_WhenTheAgentTakesSeveralBatchesAtOnce_ThenNoneIsDone()
    {
        using var rig = Rig();
        var cursor = Read(rig, 3);

        CacheRig.Take(cursor);
        CacheRig.Take(cursor);
        CacheRig.Take(cursor);
        Assert.Null(CacheRig.Take(cursor));

        Assert.Equal(0, rig.Cache.DoneBelow());
        Assert.Null(rig.Next(cursor));
        Assert.Equal(3, rig.Cache.DoneBelow());
    }

    [Fact]
    public void RecordDeliveryFailure_WhenSeveralBatchesFailedTogether_ThenEachComesAlone()
    {
        using var rig = Rig(FailurePolicy.Skip);
        var cursor = Read(rig, 3);
        while (CacheRig.Take(cursor) is not null) { }

        cursor.RecordDeliveryFailure();
        rig.EndRun();

        for (var offset = 0; offset < 3; offset++)
        {
            Assert.Equal(offset, Assert.Single(rig.Next(cursor)!).Offset);
            if (offset < 2) Assert.Null(CacheRig.Take(cursor));
            if (offset == 1) cursor.RecordDeliveryFailure();
        }

        rig.Next(cursor);
        Assert.Equal(3, rig.Cache.DoneBelow());
    }

    [Fact]
    public void MoveNext_WhenAFilterRefusedWhatWasTaken_ThenTheCursorIsWokenAndDone()
    {
        using var rig = Rig();
        var cursor = Read(rig, 2);
        rig.Cache.TakeWakes();

        while (CacheRig.Take(cursor) is not null) { }

        Assert.Single(rig.Cache.TakeWakes());
        Assert.Null(rig.Next(cursor));
        Assert.Equal(2, rig.Cache.DoneBelow());
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(4, 5)]
    public void MoveNext_WhenTheAgentPassesTheTokenWithoutALook_ThenOnlyTheTokensRecordIsExcluded(long token, long expected)
    {
        using var rig = Rig();
        Read(rig, 10);
        var cursor = rig.Open(Own, token);

        cursor.MoveNextWithResult();

        Assert.Equal(expected, CacheRig.Take(cursor)![0].Offset);
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 4)]
    public void MoveNext_WhenTheTokensRecordIsNotHereYet_ThenASecondMoveInTheSameRunExcludesIt(bool sameRun, long expected)
    {
        using var rig = new CacheRig(new LogStreamOptions { BatchRecords = 10, CacheRecords = 20 });
        for (var i = 0; i < 60; i++) rig.Log.Append([]);
        rig.Cache.StartAt(60);
        rig.Log.HoldReads = true;
        var cursor = rig.Open(Own, 4);

        Assert.Null(CacheRig.Take(cursor));
        if (!sameRun) rig.EndRun();
        Assert.Null(CacheRig.Take(cursor));
        rig.Log.HoldReads = false;
        rig.Log.ReleaseReads();

        LogOffsetsFrom(rig, cursor, expected);
    }

    [Fact]
    public void UpdateDeliveryProgress_WhenTheFirstRecordOfASubscriptionFailed_ThenItIsNotDone()
    {
        using var rig = Rig();
        rig.Log.Append([]);
        rig.Pump(10);
        var cursor = rig.Open(Own, 0);
        rig.Next(cursor);

        rig.Cache.UpdateDeliveryProgress(new Orleans.Providers.Streams.Common.EventSequenceTokenV2(0), default);

        Assert.Equal(0, rig.Cache.LastDoneBelow);
    }

    private static void LogOffsetsFrom(CacheRig rig, StreamCursor cursor, long expected)
    {
        for (var round = 0; round < 100; round++)
        {
            if (rig.Next(cursor) is not { } records) continue;
            Assert.Equal(expected, records[0].Offset);
            return;
        }

        Assert.Fail("Nothing came.");
    }

    private static StreamCursor Read(CacheRig rig, int records)
    {
        for (var i = 0; i < records; i++) rig.Log.Append([]);
        var cursor = rig.Open(Own, null);
        rig.Pump(100);
        return cursor;
    }

    private static CacheRig Rig(FailurePolicy failure = FailurePolicy.Block) =>
        new(new LogStreamOptions { BatchRecords = 1, FailurePolicy = failure });
}
