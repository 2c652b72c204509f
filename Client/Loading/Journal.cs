using System.Text.Json;
using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>
/// A file of acknowledged actions, one JSON object per line, that <c>verify --journal</c> compares with the lake. Safe for concurrent use.
/// A line is in the file after the next <see cref="Flush"/>: what a killed load had not flushed is not checked, but the file never contains
/// anything false.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock _lock = new();
    private readonly BufferedStream _file;
    private readonly Utf8JsonWriter _writer;

    /// <summary>Continues at the end of the file if it exists.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, or is a folder.</exception>
    public Journal(string path)
    {
        _file = new BufferedStream(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1), 1 << 16);
        _writer = new Utf8JsonWriter(_file, new JsonWriterOptions { SkipValidation = true });
    }

    public void Add(string accountId, string actionId, BankAnswer answer)
    {
        lock (_lock)
        {
            _writer.WriteStartObject();
            _writer.WriteString("action_id"u8, actionId);
            _writer.WriteString("account_id"u8, accountId);
            _writer.WriteString("code"u8, ActionCodes.NameOf(answer.Code));
            _writer.WriteNumber("sequence_number"u8, answer.SequenceNumber);
            _writer.WriteEndObject();
            _writer.Flush();
            _writer.Reset();
            _file.WriteByte((byte)'\n');
        }
    }

    public void Flush()
    {
        lock (_lock) _file.Flush();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer.Dispose();
            _file.Dispose();
        }
    }
}
