using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>Decides which partition a stream is on, and which stream a record belongs to. Pure and thread-safe.</summary>
/// <remarks>
/// Streams are spread over the partitions that the log had when it was opened. Partitions added since have their own streams too, because
/// silos that were started later read them.
/// </remarks>
internal sealed class StreamRouting(string? partitionNamespace, IPartitionedLog log)
{
    /// <summary>
    /// The header that names a record's stream: namespace, a zero byte, key. A record without it belongs to its partition's own stream.
    /// </summary>
    public const string StreamHeader = "orleans-stream";

    /// <summary>The most bytes of a stream's namespace and key together: it becomes a grain's key, and part of storage keys.</summary>
    private const int MaxNameBytes = 4 * 1024;

    private readonly ConcurrentDictionary<int, StreamId> _own = new();

    /// <summary>The stream that is the partition itself; its records carry no stream header.</summary>
    public StreamId OwnStream(int partition) => _own.TryGetValue(partition, out var stream) ? stream : _own.GetOrAdd(partition, MakeOwn);

    public bool IsOwnStream(StreamId stream) => partitionNamespace is not null && NamespaceIs(stream, partitionNamespace);

    /// <exception cref="ArgumentException">The stream is named like a partition, but there is no such partition.</exception>
    public int Partition(StreamId stream)
    {
        if (!IsOwnStream(stream)) return Murmur2.Partition(stream.Key.Span, log.PartitionCount);
        var key = Encoding.UTF8.GetString(stream.Key.Span);
        var partitions = log.LatestPartitionCount;
        if (
            int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                && partition < partitions && OwnStream(partition).Equals(stream))
            return partition;
        throw new ArgumentException(
            $"The stream {stream} is no partition: the keys of the namespace '{partitionNamespace}' are 0 to "
                + $"{partitions - 1}.", nameof(stream));
    }

    /// <summary>The header that names a stream.</summary>
    /// <exception cref="ArgumentException">The stream's name would not be accepted when it is read again.</exception>
    public LogHeader Header(StreamId stream)
    {
        var name = stream.Namespace;
        var value = new byte[name.Length + 1 + stream.Key.Length];
        name.Span.CopyTo(value);
        stream.Key.Span.CopyTo(value.AsSpan(name.Length + 1));
        if (Read(value) is { } read && read.Equals(stream)) return new LogHeader(StreamHeader, value);
        throw new ArgumentException(
            $"The stream {stream} can't be named in a record: namespace and key are UTF-8 without a zero byte, at most {MaxNameBytes} "
                + "bytes "
            + "together, and the key is not empty.",
            nameof(stream));
    }

    public StreamId StreamOf(int partition, in LogRecord record)
    {
        var headers = record.Headers;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Name != StreamHeader) continue;
            return Read(headers[i].Value.Span) ?? OwnStream(partition);
        }

        return OwnStream(partition);
    }

    /// <summary>
    /// The stream that a header names; null if the provider would not write such a header, as anybody may have written it. The record then
    /// belongs where foreign records do. A header never names a partition's own stream.
    /// </summary>
    private StreamId? Read(ReadOnlySpan<byte> header)
    {
        var end = header.IndexOf((byte)0);
        if (end < 0 || end == header.Length - 1 || header.Length > MaxNameBytes || !Utf8.IsValid(header)) return null;
        var stream = StreamId.Create(header[..end], header[(end + 1)..]);
        return IsOwnStream(stream) ? null : stream;
    }

    private StreamId MakeOwn(int partition) =>
        StreamId.Create(partitionNamespace ?? "$log", partition.ToString(CultureInfo.InvariantCulture));

    private static bool NamespaceIs(StreamId stream, string name) =>
        Encoding.UTF8.GetByteCount(name) == stream.Namespace.Length && Encoding.UTF8.GetString(stream.Namespace.Span) == name;
}
