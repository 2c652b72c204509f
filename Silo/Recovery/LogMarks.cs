using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Banking.Recovery;
using Banking.Streaming.Log;

namespace Banking.Silo.Recovery;

/// <summary>Where the check of a partition begins, or why it can't: the log is not the one that storage has seen.</summary>
internal readonly record struct MarkOutcome(long From, string? Refusal);

/// <summary>Marks: records that the log had when storage had everything up to them. Thread-safe.</summary>
internal sealed class LogMarks(IPartitionedLog log)
{
    /// <summary>How far before a partition's end its last record is searched for: the end may be a transaction marker.</summary>
    private const int Tail = 64;

    /// <summary>Compares what storage noted about a partition with the log.</summary>
    public Task<MarkOutcome> CompareAsync(BankRecord record, int partition, LogBounds bounds, CancellationToken cancellationToken)
    {
        if (Array.Find(record.Ends, end => end.Log == log.LogId && end.Partition == partition) is { } end && end.Next > bounds.Next)
            return Task.FromResult(new MarkOutcome(0, WentBack(partition, bounds, end.Next - 1)));
        var newest = Array.Find(record.Marks, mark => mark.Log == log.LogId && mark.Partition == partition);
        return CompareAsync(newest, partition, bounds, cancellationToken);
    }

    /// <summary>How far each partition reaches.</summary>
    public async Task<LogEnd[]> EndsAsync(CancellationToken cancellationToken)
    {
        var ends = new LogEnd[log.LatestPartitionCount];
        for (var p = 0; p < ends.Length; p++) ends[p] = new LogEnd(log.LogId, p, (await log.GetBoundsAsync(p, cancellationToken)).Next);
        return ends;
    }

    /// <summary>Compares a mark with the log's own record.</summary>
    /// <param name="mark">Null if storage has no mark for this partition of this log.</param>
    private async Task<MarkOutcome> CompareAsync(LogMark? mark, int partition, LogBounds bounds, CancellationToken cancellationToken)
    {
        if (mark is null || mark.Offset < bounds.First) return new MarkOutcome(bounds.First, null);
        if (mark.Offset >= bounds.Next) return new MarkOutcome(0, WentBack(partition, bounds, mark.Offset));

        if (await ReadAsync(partition, mark.Offset, 1, cancellationToken) is [var record, ..] && Of(partition, record) == mark)
        {
            return new MarkOutcome(mark.Offset + 1, null);
        }
        return new MarkOutcome(0, string.Create(
            CultureInfo.InvariantCulture,
            $"The log is not the one that the database knows: partition {partition} has another record at offset {mark.Offset}. "
            + $"It lost its end and went on, or is another one's copy. Put the right log back, or see what Client repair says."));
    }

    /// <summary>A mark of the newest record of each partition; none for a partition without records.</summary>
    public async Task<LogMark[]> TakeAsync(CancellationToken cancellationToken)
    {
        var marks = new List<LogMark>();
        for (var partition = 0; partition < log.LatestPartitionCount; partition++)
        {
            var bounds = await log.GetBoundsAsync(partition, cancellationToken);
            if (bounds.Next > bounds.First && await NewestAsync(partition, bounds, cancellationToken) is { } newest) marks.Add(newest);
        }

        return [.. marks];
    }

    /// <summary>Some of the newest records of a partition.</summary>
    public Task<IReadOnlyList<LogRecord>> ReadTailAsync(int partition, LogBounds bounds, CancellationToken cancellationToken) =>
        bounds.Next > bounds.First
            ? ReadAsync(partition, Math.Max(bounds.First, bounds.Next - Tail), Tail, cancellationToken)
            : Task.FromResult<IReadOnlyList<LogRecord>>([]);

    private async Task<LogMark?> NewestAsync(int partition, LogBounds bounds, CancellationToken cancellationToken) =>
        await ReadTailAsync(partition, bounds, cancellationToken) is [.., var last] ? Of(partition, last) : null;

    private static string WentBack(int partition, LogBounds bounds, long seen) => string.Create(
        CultureInfo.InvariantCulture,
        $"The log went back: partition {partition} ends at offset {bounds.Next - 1}, and the database was fed from it "
        + $"up to offset {seen} at least. Put the newer log back, or see what Client repair says.");

    private LogMark Of(int partition, in LogRecord record)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(record.Value.Span, hash);
        return new LogMark(log.LogId, partition, record.Offset, record.Timestamp, BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    private async Task<IReadOnlyList<LogRecord>> ReadAsync(int partition, long offset, int count, CancellationToken cancellationToken)
    {
        await using var reader = await log.OpenReaderAsync(partition, offset, cancellationToken);
        return await reader.ReadAsync(count, cancellationToken);
    }
}
