namespace Banking.Storage.GroupCommit;

/// <summary>
/// Writes one behind the other, linked through themselves: a queue that also takes back its first. A write is in one list at a time. Not
/// thread-safe.
/// </summary>
internal sealed class WriteList
{
    private GrainWrite? _last;

    public GrainWrite? First { get; private set; }

    public int Count { get; private set; }

    public void AddLast(GrainWrite write)
    {
        write.Next = null;
        if (_last is null) First = write;
        else _last.Next = write;
        _last = write;
        Count++;
    }

    public void AddFirst(GrainWrite write)
    {
        write.Next = First;
        First = write;
        _last ??= write;
        Count++;
    }

    /// <summary>Takes the first one out of a list that is not empty.</summary>
    public GrainWrite TakeFirst()
    {
        var write = First!;
        First = write.Next;
        if (First is null) _last = null;
        write.Next = null;
        Count--;
        return write;
    }
}
