using System.Collections.Concurrent;

namespace Banking.Storage.Sqlite;

/// <summary>
/// Reading connections, which work beside the writer and each other. A read runs on its caller's thread and never waits for another: the
/// pool grows to the number of threads that read at once, and keeps a few connections. Thread-safe.
/// </summary>
/// <param name="open">Opens a connection.</param>
/// <param name="path">The database file, for messages.</param>
/// <param name="keep">How many idle connections to keep open.</param>
internal sealed class SqliteReaders(Func<SqliteConnection> open, string path, int keep) : IDisposable
{
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private bool _isClosed;

    /// <summary>Runs a read on a connection of its own.</summary>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    public TResult Read<TArgument, TResult>(TArgument argument, Func<SqliteReader, TArgument, TResult> read)
    {
        if (Volatile.Read(ref _isClosed)) throw new StorageReadFailedException($"The grain storage '{path}' has stopped.");
        SqliteReader? reader = null;
        try
        {
            reader = _idle.TryTake(out var idle) ? idle : new SqliteReader(open());
            var result = read(reader, argument);
            Return(reader);
            return result;
        }
        catch (Exception reason)
        {
            // A connection that failed once is not trusted with the next read.
            reader?.Dispose();
            if (reason is not SqliteErrorException error) throw;
            throw new StorageReadFailedException($"The grain storage '{path}' could not be read: {error.Cause}.", error);
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _isClosed, true);
        while (_idle.TryTake(out var reader)) reader.Dispose();
    }

    private void Return(SqliteReader reader)
    {
        if (_idle.Count < keep) _idle.Add(reader);
        else reader.Dispose();

        // The pool may have been closed and emptied between the two lines above.
        if (Volatile.Read(ref _isClosed)) Dispose();
    }
}
