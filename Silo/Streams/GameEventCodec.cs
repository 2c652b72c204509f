using System.Buffers;
using System.Text;
using Banking.Events;
using Banking.Gate;
using Banking.Streaming;
using Banking.Streaming.Log;
using Banking.Streaming.Provider;

namespace Banking.Silo.Streams;

/// <summary>
/// The game's events in the log: JSON that every consumer of the old topic can read, with the account's id as the key, so that an account's
/// events stay in one partition whoever produces them. An inquiry about prices has no key. Headers give the bank that decided the event
/// (<see cref="EventSource"/>), the holder's name and the owner if an account was opened or given to somebody, and the trace of the request
/// that caused it, if there is one.
/// </summary>
/// <param name="gate">Knows the bank's id; if it is null or does not know one, records name no bank.</param>
internal sealed class GameEventCodec(BankGate? gate = null) : ILogCodec
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private volatile Signed? _plain;

    public NewLogRecord Encode<T>(StreamId stream, T item)
    {
        if (item is not GameEvent happened)
        {
            throw new ArgumentException($"The stream {stream} carries {nameof(GameEvent)}s, not {typeof(T)}.", nameof(item));
        }
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1_024);
        buffer.ResetWrittenCount();
        GameEventJson.Write(happened, buffer);
        var key = happened.AccountId is { } account ? Encoding.UTF8.GetBytes(account) : [];
        return new NewLogRecord(key, buffer.WrittenSpan.ToArray(), HeadersOf(happened));
    }

    public T Decode<T>(StreamId stream, in LogRecord record) => GameEventJson.Read(record.Value) is T item
        ? item
        : throw new InvalidCastException($"The stream {stream} carries {nameof(GameEvent)}s, not {typeof(T)}.");

    private LogHeader[] HeadersOf(GameEvent happened)
    {
        var plain = Plain();
        if (happened is { Origin: null or { TraceParent: null }, Holder: null, Owner: null, FirstNumber: <= 1 }) return plain;
        var headers = new List<LogHeader>(3);
        if (plain is [var signature])
        {
            headers.Add(happened.FirstNumber <= 1 ? signature : Signature(new EventSource(gate!.Bank!, happened.FirstNumber)));
        }
        if (happened.Holder is { } holder) headers.Add(new LogHeader(EventSource.HolderHeader, Encoding.UTF8.GetBytes(holder)));
        if (happened.Owner is { } owner) headers.Add(new LogHeader(EventSource.OwnerHeader, owner.ToBytes()));
        if (happened.Origin?.TraceParent is { } trace) headers.Add(new LogHeader(TraceHeader.Name, Encoding.ASCII.GetBytes(trace)));
        return [.. headers];
    }

    // The headers that nearly all events of a bank have, made once.
    private LogHeader[] Plain()
    {
        var bank = gate?.Bank;
        if (_plain is { } known && known.Bank == bank) return known.Headers;
        LogHeader[] headers = bank is null ? [] : [Signature(new EventSource(bank, 1))];
        _plain = new Signed(bank, headers);
        return headers;
    }

    private static LogHeader Signature(EventSource source) => new(EventSource.Header, source.ToBytes());

    private sealed record Signed(string? Bank, LogHeader[] Headers);
}
