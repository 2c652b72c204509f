using System.Collections.Concurrent;

namespace Banking.Sqlite;

/// <summary>
/// Reading connections with their statements, which work beside the writer and each other. A read runs on its caller's thread and never
/// waits for another: the pool grows to the number of threads that read at once, and keeps a few connections. Thread-safe.
/// </summary>
/// <param name="open">Opens a connection.</param>
/// <param name="keep">How many idle connections to keep open.</param>
/// <param name="closed">What is thrown for a read after the pool is disposed.</param>
internal sealed class ConnectionPool<TReader>(Func<TReader> open, int keep, Func<Exception> closed) : IDisposable
    where TReader : class, IDisposable
{
    private readonly ConcurrentBag<TReader> _idle = [];
    private int _idleCount;
    private volatile bool _isClosed;

    /// <summary>Runs a read on a connection of its own.</summary>
    public TResult Read<TArgument, TResult>(TArgument argument, Func<TReader, TArgument, TResult> read)
    {
        if (_isClosed) throw closed();
        var reader = Take() ?? open();
        try
        {
            var result = read(reader, argument);
            Return(reader);
            return result;
        }
        catch
        {
            // A connection that failed once is not trusted with the next read.
            reader.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (Take() is { } reader) reader.Dispose();
    }

    private TReader? Take()
    {
        if (!_idle.TryTake(out var reader)) return null;
        Interlocked.Decrement(ref _idleCount);
        return reader;
    }

    private void Return(TReader reader)
    {
        if (Interlocked.Increment(ref _idleCount) <= keep)
        {
            _idle.Add(reader);
        }
        else
        {
            Interlocked.Decrement(ref _idleCount);
            reader.Dispose();
        }

        // The pool may have been closed and emptied between the two lines above.
        if (_isClosed) Dispose();
    }
}
