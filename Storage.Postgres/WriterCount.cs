namespace Banking.Storage.Postgres;

/// <summary>
/// How often one writer has committed, as its row in the database must say. Written by the writer's thread; <see cref="Acknowledged"/> may
/// be read by others.
/// </summary>
internal sealed class WriterCount(int epoch)
{
    private long _acknowledged;
    private long _most;

    /// <summary>The row's id. A writer gets a new one after a database was accepted: rows from before then no longer count.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The acceptance that the count belongs to.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>How many commits the database has confirmed: it must never have fewer.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>What the row must say for the next transaction to be made.</summary>
    public long Expected { get; private set; }

    /// <summary>Notes that a transaction was sent: until it is answered, the row may say one more.</summary>
    public void Sent() => _most = Math.Max(_most, Expected + 1);

    /// <summary>Notes that the transaction that was sent is committed.</summary>
    public void Committed()
    {
        Expected++;
        _most = Expected;
        Volatile.Write(ref _acknowledged, Expected);
    }

    /// <summary>Takes in what the row says, after answers were lost.</summary>
    /// <returns>False if that is impossible, whichever of the transactions were made: the database went back.</returns>
    public bool Settle(long? stored)
    {
        if (stored is not { } count || count < _acknowledged || count > _most) return false;
        Expected = count;
        return true;
    }
}
