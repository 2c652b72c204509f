using System.Globalization;
using System.Text;

namespace Banking.Events;

/// <summary>
/// What a record's header <see cref="Header"/> says about its event: which bank decided it, and from which number on the account's events
/// are in this partition of this log. Anybody may write to the log, so a record without the header claims none of an account's numbers.
/// Pure.
/// </summary>
/// <param name="Bank">The bank's id: 1 to 32 characters of <c>a-z</c> and <c>0-9</c>.</param>
/// <param name="FirstNumber">The sequence number of the account's first event in this partition of this log, from 1; more than 1 if the
/// account, or the log, has moved.</param>
public readonly record struct EventSource(string Bank, long FirstNumber)
{
    /// <summary>
    /// The header's name. Its value is ASCII: the bank's id, followed by a semicolon and the first number unless that is 1.
    /// </summary>
    public const string Header = "bank";

    /// <summary>
    /// The header that carries the holder's name, in UTF-8, on the event of an account's opening. The name is only in the log: the lake's
    /// tables have no names.
    /// </summary>
    public const string HolderHeader = "holder";

    /// <summary>
    /// The header that carries the account's owner (<see cref="Callers.CallerId.ToBytes"/>), on the events that give it one. It is only in
    /// the log, like the holder's name.
    /// </summary>
    public const string OwnerHeader = "owner";

    private const int MaxIdLength = 32;

    /// <summary>The header's value.</summary>
    public byte[] ToBytes() =>
        Encoding.ASCII.GetBytes(FirstNumber == 1 ? Bank : string.Create(CultureInfo.InvariantCulture, $"{Bank};{FirstNumber}"));

    /// <summary>Reads what <see cref="ToBytes"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out EventSource source)
    {
        source = default;
        var mark = value.IndexOf((byte)';');
        var id = mark < 0 ? value : value[..mark];
        if (id.Length is 0 or > MaxIdLength) return false;
        foreach (var letter in id)
        {
            if (letter is not (>= (byte)'a' and <= (byte)'z') and not (>= (byte)'0' and <= (byte)'9')) return false;
        }

        var first = 1L;
        if (mark >= 0 && (!long.TryParse(value[(mark + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out first) || first < 1))
        {
            return false;
        }
        source = new EventSource(Encoding.ASCII.GetString(id), first);
        return true;
    }
}
