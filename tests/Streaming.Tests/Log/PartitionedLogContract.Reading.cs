using System.Globalization;
using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Log;

/// <summary>What every log's readers must do.</summary>
public abstract partial class PartitionedLogContract<TLog>
{
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
    public async Task Read_WhenTwoReadersStandApart_ThenEachGoesOnFromItsOwnOffset()
    {
        await Log.AppendAsync(0, Records([.. Enumerable.Range(0, 100).Select(i => $"{i}")]), Cancellation);
        await using var behind = await Log.OpenReaderAsync(0, 10, Cancellation);
        await using var ahead = await Log.OpenReaderAsync(0, 90, Cancellation);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(10 + i, Assert.Single(await behind.ReadAsync(1, Cancellation)).Offset);
            Assert.Equal(90 + i, Assert.Single(await ahead.ReadAsync(1, Cancellation)).Offset);
        }
    }

    [Fact]
    public async Task Read_WhenReadersOfThePartitionCameAndWent_ThenNothingOfTheirsIsSeen()
    {
        await Log.AppendAsync(0, Records([.. Enumerable.Range(0, 2_000).Select(i => new string('x', 100))]), Cancellation);
        var random = new Random(11);
        for (var i = 0; i < 60; i++)
        {
            var start = random.Next(2_000);
            await using var reader = await Log.OpenReaderAsync(0, start, Cancellation);
            // Some leave before anything came.
            if (i % 3 == 0) continue;
            var read = await reader.ReadAsync(50, Cancellation);
            Assert.Equal(Enumerable.Range(start, read.Count).Select(offset => (long)offset), read.Select(record => record.Offset));
            Assert.NotEmpty(read);
        }
    }

    [Fact]
    public async Task Read_WhenRecordsFollow_ThenTheirTimesAreWhenTheyCameAndDoNotGoBack()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 5; i++) await Log.AppendAsync(0, Records("a"), Cancellation);
        var after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        await using var reader = await Log.OpenReaderAsync(0, 0, Cancellation);
        var times = (await reader.ReadAsync(10, Cancellation)).Select(record => record.Timestamp).ToArray();
        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.InRange(time, before, after));
    }

    [Fact]
    public async Task Wait_WhenItIsCancelled_ThenItEndsAndTheReaderGoesOn()
    {
        await using var reader = await Log.OpenReaderAsync(0, 0, Cancellation);
        Assert.Empty(await reader.ReadAsync(10, Cancellation));
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = reader.WaitAsync(cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Log.AppendAsync(0, Records("a"), Cancellation);
        await reader.WaitAsync(Cancellation);
        Assert.Equal("a", Text(Assert.Single(await reader.ReadAsync(10, Cancellation)).Value));
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
    public async Task Read_WhenManyRecordsOfAllSizesWereAppended_ThenEveryOffsetCanBeTheStart()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 3_000)
            .Select(i => i.ToString(CultureInfo.InvariantCulture) + new string('x', random.Next(300)))
            .ToArray();
        foreach (var part in values.Chunk(777)) await Log.AppendAsync(0, Records(part), Cancellation);

        foreach (var start in new[] { 0, 1, 776, 777, 1023, 1024, 1025, 2047, 2998, 2999 })
        {
            Assert.Equal(values[start..], await ReadAll(0, start));
        }
    }
}
