namespace Banking.Lake.Hdfs;

/// <summary>Which name node is asked: the same one until it fails, then the next. Safe for concurrent use.</summary>
internal sealed class NameNodes(IReadOnlyList<Uri> nodes)
{
    private int _current;

    public Uri Current => nodes[Volatile.Read(ref _current)];

    /// <summary>Goes on to the next one, unless another caller did so.</summary>
    public void Leave(Uri node)
    {
        var current = Volatile.Read(ref _current);
        if (nodes[current] == node) Interlocked.CompareExchange(ref _current, (current + 1) % nodes.Count, current);
    }
}
