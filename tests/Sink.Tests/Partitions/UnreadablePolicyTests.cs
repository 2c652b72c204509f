using System.Text;
using Banking.Lake.Tables;
using Banking.Sink.Partitions;
using Banking.Sink.Tests.Support;
using Banking.Streaming;
using Banking.Streaming.Log;

namespace Banking.Sink.Tests.Partitions;

/// <summary>What becomes of records that are not events; <see cref="FailurePolicy.Skip"/> is tested beside the intake.</summary>
public sealed class UnreadablePolicyTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    private MemoryLetters Letters => _fixture.Letters;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task TakeAsync_WhenThePolicyIsBlock_ThenItStandsAtTheRecordAndSaysSo()
    {
        var sink = await OpenAsync(FailurePolicy.Block, 3, 6);

        await Assert.ThrowsAsync<UnreadableRecordException>(() => sink.TakeAllAsync());
        await Assert.ThrowsAsync<UnreadableRecordException>(() => sink.TakeAllAsync());

        var status = await sink.StatusAsync();
        Assert.Equal((3, 3, 1), (status.NextOffset, status.BufferedRows, status.Unreadable));
        Assert.Contains("the record at offset 3 is not an event", status.Refusal, StringComparison.Ordinal);
        var finding = Assert.Single(status.Findings!);
        Assert.Equal(("lake/partition-0/blocked", status.Refusal, false), (finding.Key, finding.Sentence, finding.IsCritical));
    }

    [Fact]
    public async Task FlushAsync_WhenTheSinkIsBlocked_ThenFailsAtOnceAndWhatCameBeforeCanBeFlushed()
    {
        var sink = await OpenAsync(FailurePolicy.Block, 3);
        await Assert.ThrowsAsync<UnreadableRecordException>(() => sink.TakeAllAsync());

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => sink.FlushAsync(5));
        await sink.FlushAsync(2);

        Assert.Contains("offset 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task OpenAsync_WhenThePolicyIsNoLongerBlock_ThenGoesOnBehindTheRecord()
    {
        var blocked = await OpenAsync(FailurePolicy.Block, 3);
        await Assert.ThrowsAsync<UnreadableRecordException>(() => blocked.TakeAllAsync());
        await blocked.CloseAsync();
        _fixture.Options.UnreadablePolicy = FailurePolicy.Skip;

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(9, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task TakeAsync_WhenThePolicyIsDeadLetter_ThenTheLetterIsTheRecordAsItWas()
    {
        var header = new LogHeader("trace", Json.Bytes("t-1"));
        _fixture.Log.Add(Json.Bytes("garbage"), 77, Json.Bytes("alice"), header);
        var sink = await OpenAsync(FailurePolicy.DeadLetter);

        await sink.DrainAsync();

        var letter = Assert.Single(Letters.Letters);
        Assert.Equal((0, 0, 77), (letter.Partition, letter.Record.Offset, letter.Record.Timestamp));
        Assert.Equal(
            ("garbage", "alice", "t-1"), (Text(letter.Record.Value), Text(letter.Record.Key), Text(letter.Record.Headers.Single().Value)));
        Assert.Equal("Its value is not one JSON object.", letter.Reason);
    }

    [Fact]
    public async Task TakeAsync_WhenSeveralRecordsOfABatchAreUnreadable_ThenTheirLettersGoTogether()
    {
        var sink = await OpenAsync(FailurePolicy.DeadLetter, 1, 2, 7);

        await sink.DrainAsync();

        Assert.Equal([1, 2, 7], Letters.Offsets);
        Assert.Equal([3], Letters.Batches);
        Assert.Equal(7, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task TickAsync_WhenTheLettersCanNotBeAppended_ThenTheOffsetStandsAtTheFirst()
    {
        Letters.IsClosed = true;
        var sink = await OpenAsync(FailurePolicy.DeadLetter, 4);
        await sink.TakeAllAsync();
        await sink.FlushAsync(3);

        await sink.TickAsync();

        var status = await sink.StatusAsync();
        Assert.Equal((4, 4), (status.DurableOffset, _fixture.Log.Committed));
        var finding = Assert.Single(status.Findings!);
        Assert.Equal(("lake/partition-0/dead-letters", false), (finding.Key, finding.IsCritical));
        Assert.Contains("the dead letters from offset 4 on can't be written", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlushAsync_WhenTheLettersCouldNotBeAppendedForAWhile_ThenTheyAreBeforeItReturns()
    {
        Letters.IsClosed = true;
        var sink = await OpenAsync(FailurePolicy.DeadLetter, 4);
        await sink.TakeAllAsync();
        var flush = sink.FlushAsync(9);
        Assert.False(flush.IsCompleted);

        Letters.IsClosed = false;
        await new[] { _fixture.Time }.RunUntilAsync(flush);

        Assert.Equal([4], Letters.Offsets);
        var status = await sink.StatusAsync();
        Assert.Empty(status.Findings!);
        Assert.Equal(1, status.DeadLetters);
    }

    [Fact]
    public async Task TakeAsync_WhenARecordWasCutForItsSize_ThenItIsALetterThoughItsBeginningIsAnEvent()
    {
        _fixture.Log.Add(
            Json.Inquiry(), 77, Json.Bytes("alice"),
            RecordCut.Header(new byte[50], key: 5, headers: 0, keptValue: 10, keptKey: 5, keptHeaders: 0));
        var sink = await OpenAsync(FailurePolicy.DeadLetter);

        await sink.DrainAsync();

        Assert.StartsWith(
            "It is too large. Cut: the first 10 of 50 bytes of the value", Assert.Single(Letters.Letters).Reason, StringComparison.Ordinal);
        Assert.Equal(9, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task OpenAsync_WhenEveryTableIsAheadOfALetter_ThenItIsReadAgain()
    {
        Letters.IsClosed = true;
        _fixture.Options.UnreadablePolicy = FailurePolicy.DeadLetter;
        _fixture.Log.Add(Json.Bytes("garbage"), Json.Noon);
        AddRowForEveryTable();
        var first = await _fixture.OpenAsync();
        await first.TakeAllAsync();
        await first.TickAsync();
        await CommitRowsAsync(first);
        await first.KillAsync();
        Letters.IsClosed = false;

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal([0], Letters.Offsets);
        Assert.All(LakeTables.All, table => Assert.Equal(1, _fixture.Lake.Count(table.Name)));
    }

    [Fact]
    public async Task TakeAsync_WhenTooManyLettersWait_ThenTheBatchWaitsAndIsGivenBack()
    {
        Letters.IsClosed = true;
        _fixture.Options.MaxBufferedBytes = 5_000;
        for (var i = 0; i < 200; i++) _fixture.Log.Add(Json.Bytes("garbage"), Json.Noon);
        _fixture.Options.UnreadablePolicy = FailurePolicy.DeadLetter;
        var sink = await _fixture.OpenAsync();
        await sink.TakeAsync(_fixture.Log.Batch(0, 100));

        var take = sink.TakeAsync(_fixture.Log.Batch(100, 100));

        await Assert.ThrowsAsync<TimeoutException>(() => new[] { _fixture.Time }.RunUntilAsync(take));
        Assert.Equal(100, (await sink.StatusAsync()).NextOffset);
    }

    /// <summary>A sink before ten records, of which some are not events.</summary>
    private Task<TestSink> OpenAsync(FailurePolicy policy, params int[] unreadable)
    {
        _fixture.Options.UnreadablePolicy = policy;
        for (var i = _fixture.Log.Records.Count; i < 10; i++)
            _fixture.Log.Add(unreadable.Contains(i) ? Json.Bytes("""{"event_type":"unheard_of"}""") : Json.Inquiry(), Json.Noon);
        return _fixture.OpenAsync();
    }

    private void AddRowForEveryTable()
    {
        foreach (var value in new[] { Json.Open("a", 1), Json.Deposit("a", 2), Json.Trade("a", 3), Json.Inquiry() })
        {
            _fixture.Log.Add(value, Json.Noon);
        }
    }

    private async Task CommitRowsAsync(TestSink sink)
    {
        _fixture.Time.Advance(_fixture.Options.MaxAge);
        await sink.TickAsync();
        while ((await sink.StatusAsync()).BufferedRows > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
