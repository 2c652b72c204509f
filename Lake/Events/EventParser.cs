using System.Text.Json;
using Banking.Lake.Tables;

namespace Banking.Lake.Events;

/// <summary>
/// Parses the JSON of a record. It tolerates what other producers write: numbers as strings, unknown and missing keys, and values of
/// another type (their column is null). Only a record that is not a JSON object is refused. Not thread-safe: it reuses its buffers.
/// </summary>
public sealed class EventParser
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    private byte[] _scratch = new byte[4096];
    private int _used;

    /// <summary>The last record that <see cref="TryParse"/> parsed; its texts are valid until the next call.</summary>
    public ParsedEvent Event { get; } = new();

    /// <returns>False if the record's value is not one JSON object.</returns>
    public bool TryParse(in LakeRecord record, int partition)
    {
        var json = WithoutMark(record.Value);
        _used = 0;
        Event.Reset(json);
        Event.SetNumber(EventField.RecordTime, record.Timestamp);
        Event.SetNumber(EventField.Partition, partition);
        Event.SetNumber(EventField.Offset, record.Offset);
        try
        {
            return Read(json);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A record's value without the byte order mark that some programs put before it.</summary>
    internal static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> value) =>
        value.Span.StartsWith(ByteOrderMark) ? value[ByteOrderMark.Length..] : value;

    private bool Read(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FindField(ref reader);
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            else if (field is { } known) Take(ref reader, json, known);
        }

        // Fails if anything but white space follows the object.
        return !reader.Read();
    }

    private EventField? FindField(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return EventFields.Find(reader.ValueSpan);
        return TryUnescape(ref reader, out var name) ? EventFields.Find(name.Span) : null;
    }

    private void Take(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, EventField field)
    {
        // If a key comes twice, the last one counts, as in most JSON readers.
        Event.Clear(field);
        if (reader.TokenType == JsonTokenType.Null) return;
        ReadOnlyMemory<byte> value;
        if (reader.ValueIsEscaped)
        {
            if (!TryUnescape(ref reader, out value))
            {
                Event.Unrepresentable++;
                return;
            }
        }
        else
        {
            var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
            value = json.Slice(start, reader.ValueSpan.Length);
        }

        if (!EventValues.IsNumber(field)) Event.SetText(field, value);
        else if (EventValues.TryNumber(field, value.Span, out var number)) Event.SetNumber(field, number);
        else if (value.Length > 0) Event.Unrepresentable++;
    }

    /// <returns>False for an escape that is not text, such as half of a surrogate pair.</returns>
    private bool TryUnescape(ref Utf8JsonReader reader, out ReadOnlyMemory<byte> value)
    {
        var length = reader.ValueSpan.Length;
        if (_scratch.Length - _used < length)
        {
            // Slices of the old buffer stay valid, as it is only released to the garbage collector.
            _scratch = new byte[Math.Max(_scratch.Length * 2, length)];
            _used = 0;
        }

        try
        {
            var written = reader.CopyString(_scratch.AsSpan(_used));
            value = _scratch.AsMemory(_used, written);
            _used += written;
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }
}

/// <summary>A record of an ordered log, as the lake takes it in.</summary>
/// <param name="Offset">The record's offset in its partition; that of the next record is larger by one or more.</param>
/// <param name="Timestamp">When the log took it, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Value">The event's JSON, in UTF-8.</param>
public readonly record struct LakeRecord(long Offset, long Timestamp, ReadOnlyMemory<byte> Value);
