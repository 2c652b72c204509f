using System.Text;
using Banking.Lake.Columns;
using Banking.Lake.Events;

namespace Banking.Sink.Writers;

/// <content>What the table knows about accounts' sequence numbers.</content>
internal sealed partial class TableWriter
{
    /// <summary>The last number of an account that the table has, or is about to have; 0 if there is none.</summary>
    /// <param name="hash">The account's <see cref="Utf8Dictionary.Hash"/>.</param>
    public long LastNumber(ReadOnlySpan<byte> account, int hash) => map.Last(account, hash);

    /// <summary>
    /// The content (<see cref="EventContent"/>) of the account's event with a number, if it is among the rows that wait for their file.
    /// </summary>
    public ulong? FindContent(ReadOnlySpan<byte> account, long number)
    {
        var index = map.Find(account);
        if (index < 0) return null;
        if (_active?.FindContent(index, number) is { } content) return content;
        foreach (var rows in _sealed)
        {
            if (rows.FindContent(index, number) is { } found) return found;
        }

        return null;
    }

    /// <summary>The contents of all events of an account, by number.</summary>
    public Dictionary<long, ulong> ContentsOf(string account)
    {
        var contents = new Dictionary<long, ulong>();
        var index = map.Find(Encoding.UTF8.GetBytes(account));
        if (index < 0) return contents;
        foreach (var rows in _sealed) rows.CopyContents(index, contents);
        _active?.CopyContents(index, contents);
        return contents;
    }
}
