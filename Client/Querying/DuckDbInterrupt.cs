using DuckDB.NET.Data;

namespace Banking.Client.Querying;

/// <summary>
/// Interrupts a statement once its token is cancelled, and again and again until this is disposed, because DuckDB forgets an interrupt that
/// comes just before the statement begins.
/// </summary>
internal sealed class DuckDbInterrupt : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly DuckDBCommand _command;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _lock = new();
    private bool _ended;

    public DuckDbInterrupt(DuckDBCommand command, TimeProvider time, CancellationToken cancellationToken)
    {
        _command = command;
        _timer = time.CreateTimer(
            static self => ((DuckDbInterrupt)self!).Interrupt(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.UnsafeRegister(static self => ((DuckDbInterrupt)self!)._timer.Change(TimeSpan.Zero, Beat), this);
    }

    public void Dispose()
    {
        lock (_lock) _ended = true;
        _registration.Dispose();
        _timer.Dispose();
    }

    private void Interrupt()
    {
        lock (_lock)
        {
            if (!_ended) _command.Cancel();
        }
    }
}
