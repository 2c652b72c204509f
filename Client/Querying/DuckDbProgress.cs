using System.Globalization;
using Banking.Client.Engines;
using DuckDB.NET.Data;

namespace Banking.Client.Querying;

/// <summary>Shows DuckDB's progress with a statement that somebody waits for, until it is disposed.</summary>
internal sealed class DuckDbProgress : IDisposable
{
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly DuckDBConnection _connection;
    private readonly QueryProgress _progress;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private bool _ended;

    /// <param name="connection">A connection whose progress bar is on but not printed.</param>
    public DuckDbProgress(DuckDBConnection connection, QueryProgress progress, TimeProvider time)
    {
        (_connection, _progress) = (connection, progress);
        _timer = time.CreateTimer(static self => ((DuckDbProgress)self!).Look(), this, Bearable, Beat);
    }

    public void Dispose()
    {
        lock (_lock) _ended = true;
        _timer.Dispose();
        _progress.Clear();
    }

    internal static string Describe(double percentage)
    {
        const int Width = 30;
        var done = Math.Clamp((int)(percentage / 100 * Width), 0, Width);
        return string.Create(CultureInfo.InvariantCulture, $"{new string('━', done)}{new string('─', Width - done)} {percentage:N0} %");
    }

    private void Look()
    {
        lock (_lock)
        {
            // A negative value means that it does not know yet.
            if (!_ended && _connection.GetQueryProgress().Percentage is >= 0 and var percentage) _progress.Show(Describe(percentage));
        }
    }
}
