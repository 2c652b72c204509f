namespace Banking.Storage.Postgres;

/// <summary>
/// How often one writer has committed, as its row in the database must say. Written by the writer's thread; <see cref="Acknowledged"/> may
/// be read by others.
/// </summary>
internal sealed class WriterCount(int epoch)
{
    private long _acknowledged;
    private long _most;

    /// <summary>Of the row. A writer has a new one after a database was accepted: no row of an earlier time counts then.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Which acceptance it belongs to.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The database answered this many commits: it never has fewer.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>What the row must say for the next transaction to be made.</summary>
    public long Expected { get; private set; }

    /// <summary>A transaction was sent: until it is answered the row may say one more.</summary>
    public void Sent() => _most = Math.Max(_most, Expected + 1);

    /// <summary>The transaction that was sent is committed.</summary>
    public void Committed()
    {
        Expected++;
        _most = Expected;
        Volatile.Write(ref _acknowledged, Expected);
    }

    /// <summary>Takes in what the row says, after answers were lost.</summary>
    /// <returns>False if that can't be, whichever of the transactions were made: the database went back.</returns>
    public bool Settle(long? stored)
    {
        if (stored is not { } count || count < _acknowledged || count > _most) return false;
        Expected = count;
        return true;
    }
}
