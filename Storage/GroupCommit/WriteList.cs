namespace Banking.Storage.GroupCommit;

/// <summary>
/// An intrusive linked list of writes: a queue that can also take back its first element. A write is in one list at a time. Not
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

    /// <summary>Takes out the first write; the list must not be empty.</summary>
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
