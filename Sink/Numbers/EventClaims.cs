using System.Globalization;
using System.Text;
using Banking.Events;
using Banking.Lake;
using Banking.Lake.Events;
using Banking.Lake.Tables;
using Banking.Streaming.Log;

namespace Banking.Sink.Numbers;

/// <summary>
/// Decides whether a record may claim the number of an account. Anybody may write to the log, but only the bank's own records carry its
/// header (<see cref="EventSource"/>). Records of earlier builds did not, and count up to a certain time. A record that may not claim a
/// number becomes a row like any other program's event: without event id and number. Thread-safe.
/// </summary>
/// <param name="identity">The bank. While its id is not known, any bank's header counts. While it is not known up to when records without a
/// header count, they all do, as the log may be an earlier build's.</param>
internal sealed class EventClaims(IBankIdentity? identity = null)
{
    // A header's number is trusted; one in the JSON only within what an account can have reached. Numbers in between are looked up in the
    // lake, never dropped.
    private const long LargestUnsigned = 1_000_000_000_000;

    // Values that never change once they are known.
    private byte[]? _bank;
    private long _unsignedUntil = long.MaxValue;

    /// <summary>Takes the identity away from an event that has no right to it; otherwise sets where the account's numbers begin.</summary>
    /// <returns>False if it was taken away.</returns>
    public bool Check(in LogRecord record, ParsedEvent row)
    {
        if (row.Number(EventField.SequenceNumber) == ParsedEvent.None) return true;
        if (_bank is null) Learn();
        if (row.HasIdentity && IsOurs(record, row)) return true;
        row.Clear(EventField.EventId);
        row.Clear(EventField.SequenceNumber);
        return false;
    }

    private bool IsOurs(in LogRecord record, ParsedEvent row)
    {
        var number = row.Number(EventField.SequenceNumber);
        if (number < 1) return false;
        var header = HeaderOf(record, out var isSigned);
        if (!isSigned) return record.Timestamp <= _unsignedUntil && number <= LargestUnsigned && IsNamed(row, number);
        if (!IsOfBank(header, out var first)) return false;
        row.FirstNumber = first;
        return true;
    }

    private void Learn()
    {
        if (identity?.UnsignedUntil is { } until) Volatile.Write(ref _unsignedUntil, until.ToUnixTimeMilliseconds());
        if (identity?.BankId is { } bank) Volatile.Write(ref _bank, Encoding.ASCII.GetBytes(bank));
    }

    // In nearly all records the header is the bank's id and nothing else.
    private bool IsOfBank(ReadOnlySpan<byte> header, out long first)
    {
        first = 1;
        if (_bank is not null && header.SequenceEqual(_bank)) return true;
        if (!EventSource.TryParse(header, out var source)) return false;
        first = source.FirstNumber;
        return _bank is null || source.Bank == identity?.BankId;
    }

    // The id is account/<id>/<number>.
    private static bool IsNamed(ParsedEvent row, long number)
    {
        Span<byte> end = stackalloc byte[21];
        end[0] = (byte)'/';
        number.TryFormat(end[1..], out var digits, default, CultureInfo.InvariantCulture);
        var id = row.Text(EventField.EventId);
        var account = row.Text(EventField.AccountId);
        return id.Length == "account/".Length + account.Length + digits + 1
            && id.StartsWith("account/"u8) && id.EndsWith(end[..(digits + 1)]) && id["account/".Length..].StartsWith(account);
    }

    private static ReadOnlySpan<byte> HeaderOf(in LogRecord record, out bool found)
    {
        var headers = record.Headers;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Name != EventSource.Header) continue;
            found = true;
            return headers[i].Value.Span;
        }

        found = false;
        return default;
    }
}
