using System.Buffers.Binary;
using System.Security.Cryptography;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>
/// Records of batches that the brokers refused because of one record. Each of them is suspect and is tried alone. One that was refused
/// alone is not sent again for a while, so that it can't end the producer of all the others again and again. Bounded and thread-safe.
/// </summary>
internal sealed class RefusedRecords(TimeProvider time)
{
    /// <summary>The topic's settings may change, so the record is tried again after this time.</summary>
    public static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);
    private const int Capacity = 4_096;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly HashSet<int> _lengths = [];
    private volatile bool _isEmpty = true;

    /// <param name="why">The sentence for a record that was refused alone; null for one that was refused with others.</param>
    public void Add(in NewLogRecord record, string? why)
    {
        lock (_lock)
        {
            if (_entries.Count >= Capacity) Clean();
            if (_entries.Count >= Capacity) return;
            _entries[Hash(record)] = new Entry(why, time.GetTimestamp());
            _lengths.Add(record.Value.Length);
            _isEmpty = false;
        }
    }

    /// <summary>Removes records that were accepted after all.</summary>
    public void Remove(IReadOnlyList<NewLogRecord> records)
    {
        lock (_lock)
        {
            for (var i = 0; i < records.Count; i++) _entries.Remove(Hash(records[i]));
            Clean();
        }
    }

    /// <summary>Whether one of the records is suspect, and the sentence of one that was refused alone a moment ago.</summary>
    public (bool IsSuspect, string? Why) Judge(IReadOnlyList<NewLogRecord> records)
    {
        if (_isEmpty) return default;
        var isSuspect = false;
        lock (_lock)
        {
            for (var i = 0; i < records.Count; i++)
            {
                if (!_lengths.Contains(records[i].Value.Length) || !_entries.TryGetValue(Hash(records[i]), out var entry)) continue;
                isSuspect = true;
                if (entry.Why is { } why && time.GetElapsedTime(entry.At) < TryAgainAfter) return (true, why);
            }
        }

        return (isSuspect, null);
    }

    private void Clean()
    {
        foreach (var (hash, entry) in _entries)
        {
            if (time.GetElapsedTime(entry.At) > ForgetAfter) _entries.Remove(hash);
        }

        if (_entries.Count > 0) return;
        _lengths.Clear();
        _isEmpty = true;
    }

    private static UInt128 Hash(in NewLogRecord record)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> hash = stackalloc byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(hash, record.Key.Length);
        sha.AppendData(hash[..4]);
        sha.AppendData(record.Key.Span);
        sha.AppendData(record.Value.Span);
        sha.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private readonly record struct Entry(string? Why, long At);
}
