using Banking.Lake.Tables;

namespace Banking.Lake.Events;

/// <summary>
/// One parsed record: texts as UTF-8, everything else as whole numbers (money in units of its last decimal place, times in milliseconds
/// since 1970-01-01 UTC). It is reused for the next record, so that parsing allocates nothing. Not thread-safe.
/// </summary>
public sealed class ParsedEvent
{
    /// <summary>Stands for "no value" among the numbers.</summary>
    public const long None = long.MinValue;

    private readonly ReadOnlyMemory<byte>[] _texts = new ReadOnlyMemory<byte>[EventFields.Count];
    private readonly bool[] _hasText = new bool[EventFields.Count];
    private readonly long[] _numbers = new long[EventFields.Count];

    /// <summary>
    /// How many values of this event no column can hold exactly; their columns are null, and the raw event still has them.
    /// </summary>
    public int Unrepresentable { get; internal set; }

    /// <summary>
    /// The number of the account's first event in this partition of this log, as the record's header says; 0 if it does not say.
    /// </summary>
    public long FirstNumber { get; internal set; }

    /// <summary>Whether the event names an account and its own number among that account's events.</summary>
    public bool HasIdentity => Number(EventField.SequenceNumber) != None && HasText(EventField.AccountId);

    public bool HasText(EventField field) => _hasText[(int)field];

    /// <summary>The text of a field; empty if there is none.</summary>
    public ReadOnlySpan<byte> Text(EventField field) => _texts[(int)field].Span;

    /// <summary>The number in a field; <see cref="None"/> if there is none.</summary>
    public long Number(EventField field) => _numbers[(int)field];

    internal void Reset(ReadOnlyMemory<byte> raw)
    {
        _texts.AsSpan().Clear();
        _hasText.AsSpan().Clear();
        _numbers.AsSpan().Fill(None);
        Unrepresentable = 0;
        FirstNumber = 0;
        SetText(EventField.RawEvent, raw);
    }

    internal void SetText(EventField field, ReadOnlyMemory<byte> value)
    {
        _texts[(int)field] = value;
        _hasText[(int)field] = true;
    }

    internal void SetNumber(EventField field, long value) => _numbers[(int)field] = value;

    internal void Clear(EventField field)
    {
        _texts[(int)field] = default;
        _hasText[(int)field] = false;
        _numbers[(int)field] = None;
    }
}
