using System.Text.Json;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

/// <summary>
/// Keeps events that no table can have beside the tables, a JSON file each: log, partition, offset, time, key, why, and the event as it
/// came. A file is there once whatever fails, as its name is the record's offset. Called in the turns of one partition.
/// </summary>
internal sealed class ForkStore(ILakeStore store, ChainId chain, TimeProvider time)
{
    public string Folder => LakePath.ForkFolder(chain);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>When the oldest of them was made; null if there are none.</summary>
    public DateTimeOffset? Since { get; private set; }

    public async Task CountAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in store.ListAsync(Folder, cancellationToken))
        {
            if (!entry.IsFolder) Add(entry.Modified);
        }
    }

    /// <summary>Returns when the event is durable.</summary>
    /// <returns>False if it was there already.</returns>
    public async Task<bool> KeepAsync(LogRecord record, string reason, CancellationToken cancellationToken)
    {
        var staged = $"{LakePath.StagedFolder(chain)}/fork-{Guid.NewGuid():N}";
        var isNew = await store.TryMakeAsync(staged, LakePath.Fork(chain, record.Offset), Encode(record, reason), cancellationToken);
        if (isNew) Add(time.GetUtcNow());
        return isNew;
    }

    private void Add(DateTimeOffset made)
    {
        Count++;
        if (Since is null || made < Since) Since = made;
    }

    private byte[] Encode(in LogRecord record, string reason)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("log", chain.LogId);
            json.WriteNumber("partition", chain.Partition);
            json.WriteNumber("offset", record.Offset);
            json.WriteString("timestamp", LogTime.ToUtc(record.Timestamp));
            json.WriteBase64String("key", record.Key.Span);
            json.WriteString("reason", reason);

            // It was parsed, or it would have no number.
            json.WritePropertyName("event");
            json.WriteRawValue(EventParser.WithoutMark(record.Value).Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return memory.ToArray();
    }
}
