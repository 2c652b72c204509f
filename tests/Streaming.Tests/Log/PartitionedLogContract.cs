using System.Globalization;
using System.Text;
using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Log;

/// <summary>What every log must do; each implementation runs it. A log of this suite has four partitions and is empty.</summary>
public abstract class PartitionedLogContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IPartitionedLog Log { get; }

    [Fact]
    public async Task Append_WhenThePartitionIsEmpty_ThenTheLastOffsetIsReturned()
    {
        var last = await Log.AppendAsync(0, Records("a", "b", "c"), Cancellation);

        var bounds = await Log.GetBoundsAsync(0, Cancellation);
        Assert.Equal(bounds.Next - 1, last);
        Assert.Equal(["a", "b", "c"], await ReadAll(0, bounds.First));
    }

    [Fact]
    public async Task Append_WhenCallsFollow_ThenOffsetsGrow()
    {
        var first = await Log.AppendAsync(1, Records("a"), Cancellation);

        var second = await Log.AppendAsync(1, Records("b", "c"), Cancellation);

        Assert.True(second > first);
    }

    [Fact]
    public async Task Append_WhenThereIsNothingToAppend_ThenNothingChanges()
    {
        var before = await Log.GetBoundsAsync(0, Cancellation);

        await Log.AppendAsync(0, [], Cancellation);

        Assert.Equal(before, await Log.GetBoundsAsync(0, Cancellation));
    }

    [Fact]
    public async Task Append_WhenManyCallTogether_ThenEachCallsRecordsLieTogetherInOrder()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller =>
            Log.AppendAsync(2, Records([.. Enumerable.Range(0, 10).Select(i => $"{caller}:{i}")]), Cancellation).AsTask()));

        var values = await ReadAll(2, 0);
        Assert.Equal(640, values.Length);
        foreach (var run in values.Chunk(10))
        {
            var caller = run[0].Split(':')[0];
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{caller}:{i}"), run);
        }
    }

    [Fact]
    public async Task Append_WhenOnePartitionGrows_ThenTheOthersDoNot()
    {
        await Log.AppendAsync(0, Records("a"), Cancellation);

        Assert.Empty(await ReadAll(3, 0));
    }

    [Fact]
    public async Task Read_WhenARecordHasKeyValueAndHeaders_ThenTheyComeBackAsTheyWere()
    {
        NewLogRecord[] records =
        [
            new("key"u8.ToArray(), "value"u8.ToArray(), [new LogHeader("one", "1"u8.ToArray()), new LogHeader("zwölf", default)]),
            new(default, default, []),
        ];

        await Log.AppendAsync(0, records, Cancellation);

        await using var reader = await Log.OpenReaderAsync(0, 0, Cancellation);
        var read = await reader.ReadAsync(10, Cancellation);
        Assert.Equal("key", Text(read[0].Key));
        Assert.Equal("value", Text(read[0].Value));
        Assert.Equal(["one", "zwölf"], read[0].Headers.Select(header => header.Name));
        Assert.Equal("1", Text(read[0].Headers[0].Value));
        Assert.Empty(read[1].Headers);
        Assert.True(read[1].Key.IsEmpty && read[1].Value.IsEmpty);
    }

    [Fact]
    public async Task Read_WhenMoreRecordsThanAskedFor_ThenItGoesOnWhereItStopped()
    {
        await Log.AppendAsync(0, Records("a", "b", "c", "d", "e"), Cancellation);
        await using var reader = await Log.OpenReaderAsync(0, 1, Cancellation);

        var first = await reader.ReadAsync(2, Cancellation);
        var second = await reader.ReadAsync(2, Cancellation);

        Assert.Equal(["b", "c", "d", "e"], first.Concat(second).Select(record => Text(record.Value)));
        Assert.Empty(await reader.ReadAsync(2, Cancellation));
    }

    [Fact]
    public async Task Read_WhenTheReaderStandsAtTheEnd_ThenItSeesWhatIsAppendedLater()
    {
        await Log.AppendAsync(0, Records("a"), Cancellation);
        await using var reader = await Log.OpenReaderAsync(0, 1, Cancellation);
        Assert.Empty(await reader.ReadAsync(10, Cancellation));

        await Log.AppendAsync(0, Records("b"), Cancellation);

        await reader.WaitAsync(Cancellation);
        Assert.Equal("b", Text(Assert.Single(await reader.ReadAsync(10, Cancellation)).Value));
    }

    [Fact]
    public async Task Read_WhenTheOffsetIsBeyondTheEnd_ThenItSaysSo()
    {
        await Log.AppendAsync(0, Records("a"), Cancellation);

        var failure = await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () =>
        {
            await using var reader = await Log.OpenReaderAsync(0, 100, Cancellation);
            await reader.ReadAsync(10, Cancellation);
        });

        Assert.Equal(100, failure.Offset);
    }

    [Fact]
    public async Task Wait_WhenARecordIsAppended_ThenItCompletes()
    {
        await using var reader = await Log.OpenReaderAsync(0, 0, Cancellation);
        var waiting = reader.WaitAsync(Cancellation);

        await Log.AppendAsync(0, Records("a"), Cancellation);

        // False is a log that can't tell; either way it must not hang.
        await waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task GetCommitted_WhenTheGroupNeverCommitted_ThenItIsNull() => Assert.Null(await Log.GetCommittedAsync("new", 0, Cancellation));

    [Fact]
    public async Task Commit_WhenCommittedAgainAndLower_ThenTheLastOneHolds()
    {
        await Log.AppendAsync(0, Records("a", "b", "c"), Cancellation);
        await Log.CommitAsync("group", 0, 3, Cancellation);

        await Log.CommitAsync("group", 0, 1, Cancellation);

        Assert.Equal(1, await Log.GetCommittedAsync("group", 0, Cancellation));
        Assert.Null(await Log.GetCommittedAsync("group", 1, Cancellation));
        Assert.Null(await Log.GetCommittedAsync("other", 0, Cancellation));
    }

    [Fact]
    public async Task LogId_WhenAsked_ThenItIsShortAndFitForAFileName() => Assert.Matches("^[A-Za-z0-9-]{4,32}$", await Task.FromResult(Log.LogId));

    [Fact]
    public async Task Read_WhenManyRecordsOfAllSizesWereAppended_ThenEveryOffsetCanBeTheStart()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 3_000).Select(i => i.ToString(CultureInfo.InvariantCulture) + new string('x', random.Next(300))).ToArray();
        foreach (var part in values.Chunk(777)) await Log.AppendAsync(0, Records(part), Cancellation);

        foreach (var start in new[] { 0, 1, 776, 777, 1023, 1024, 1025, 2047, 2998, 2999 })
        {
            Assert.Equal(values[start..], await ReadAll(0, start));
        }
    }

    protected static NewLogRecord[] Records(params string[] values) =>
        [.. values.Select(value => new NewLogRecord(default, Encoding.UTF8.GetBytes(value), []))];

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    protected async Task<string[]> ReadAll(int partition, long from)
    {
        await using var reader = await Log.OpenReaderAsync(partition, from, Cancellation);
        List<string> values = [];
        while (await reader.ReadAsync(100, Cancellation) is { Count: > 0 } records) values.AddRange(records.Select(record => Text(record.Value)));
        return [.. values];
    }
}
