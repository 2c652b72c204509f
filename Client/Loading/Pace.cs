namespace Banking.Client.Loading;

/// <summary>
/// Spaces the actions of one connection evenly. After a delay at most a tenth of a second is made up for, so that no burst follows a pause.
/// </summary>
internal sealed class Pace(TimeSpan interval, TimeProvider time)
{
    private static readonly TimeSpan MostBehind = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Returns when the next action is due.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        var now = time.GetElapsedTime(_start);
        if (_due > now) await Task.Delay(_due - now, time, cancellationToken);
        else if (now - _due > MostBehind) _due = now - MostBehind;
        _due += interval;
    }
}
