using System.Buffers;
using System.Text;

namespace Banking.Streaming.Log;

/// <summary>
/// Many records as one run of bytes. A record is: key, value, number of headers, then name and value of each; every length is an unsigned
/// LEB128 number. Reading copies nothing and returns slices of the block. Pure.
/// </summary>
internal static class RecordBlock
{
    private static readonly LogHeader[] NoHeaders = [];

    public static void Write(ArrayBufferWriter<byte> output, in NewLogRecord record) =>
        Write(output, record.Key.Span, record.Value.Span, record.Headers);

    public static void Write(
        ArrayBufferWriter<byte> output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, IReadOnlyList<LogHeader>? headers)
    {
        WriteBytes(output, key);
        WriteBytes(output, value);
        WriteNumber(output, (ulong)(headers?.Count ?? 0));
        for (var i = 0; i < headers?.Count; i++)
        {
            WriteText(output, headers[i].Name);
            WriteBytes(output, headers[i].Value.Span);
        }
    }

    /// <exception cref="LogException">The block ends within a record.</exception>
    public static LogRecord Read(ReadOnlyMemory<byte> block, ref int position, long offset, long timestamp)
    {
        var key = ReadBytes(block, ref position);
        var value = ReadBytes(block, ref position);
        var count = (int)ReadNumber(block.Span, ref position);
        if (count == 0) return new LogRecord(offset, timestamp, key, value, NoHeaders);
        if (count < 0 || count > block.Length - position) throw Damaged();
        var headers = new LogHeader[count];
        for (var i = 0; i < count; i++)
        {
            var name = Encoding.UTF8.GetString(ReadBytes(block, ref position).Span);
            headers[i] = new LogHeader(string.IsInterned(name) ?? name, ReadBytes(block, ref position));
        }

        return new LogRecord(offset, timestamp, key, value, headers);
    }

    public static void WriteNumber(ArrayBufferWriter<byte> output, ulong number)
    {
        var span = output.GetSpan(10);
        var length = 0;
        for (; number >= 0x80; number >>= 7) span[length++] = (byte)(number | 0x80);
        span[length++] = (byte)number;
        output.Advance(length);
    }

    public static ulong ReadNumber(ReadOnlySpan<byte> block, ref int position)
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= block.Length) throw Damaged();
            var next = block[position++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return number;
        }

        throw Damaged();
    }

    private static void WriteBytes(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        WriteNumber(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        WriteNumber(output, (ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    private static ReadOnlyMemory<byte> ReadBytes(ReadOnlyMemory<byte> block, ref int position)
    {
        var length = ReadNumber(block.Span, ref position);
        if (length > (ulong)(block.Length - position)) throw Damaged();
        var slice = block.Slice(position, (int)length);
        position += (int)length;
        return slice;
    }

    private static LogException Damaged() => new("A block of log records is damaged: it ends within a record.");
}
