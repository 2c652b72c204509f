using System.Text;

namespace Banking.Streaming.Log;

/// <summary>How much room a record takes. Pure.</summary>
public static class RecordSize
{
    /// <summary>
    /// What a record costs in memory besides its bytes. Counting it makes a limit in bytes also limit the number of empty records.
    /// </summary>
    private const int Overhead = 64;

    /// <summary>What a header takes besides its name and value, in memory and in a request.</summary>
    public const int HeaderOverhead = 32;

    /// <summary>The bytes of key, value, header names (UTF-8) and header values.</summary>
    public static long Of(in NewLogRecord record)
    {
        var bytes = (long)record.Key.Length + record.Value.Length;
        for (var i = 0; i < record.Headers?.Count; i++) bytes += Encoding.UTF8.GetByteCount(record.Headers[i].Name)
            + record.Headers[i].Value.Length;
        return bytes;
    }

    /// <summary>Roughly how many bytes a record that was read takes in memory.</summary>
    public static long InMemory(in LogRecord record)
    {
        var bytes = record.Key.Length + record.Value.Length + (long)Overhead;
        for (var i = 0; i < record.Headers.Count; i++)
            bytes += record.Headers[i].Name.Length + record.Headers[i].Value.Length + HeaderOverhead;
        return bytes;
    }

    /// <summary>Roughly how many bytes records take while they wait in memory.</summary>
    public static long InMemory(IReadOnlyList<NewLogRecord> records)
    {
        var bytes = 0L;
        for (var i = 0; i < records.Count; i++) bytes += Of(records[i]) + Overhead;
        return bytes;
    }
}
