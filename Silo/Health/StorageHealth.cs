using System.Globalization;

namespace Banking.Silo.Health;

/// <summary>
/// Whether storage takes writes, which every action needs. It is asked each time instead of remembering. While a question is unanswered, no
/// other is asked.
/// </summary>
/// <param name="ask">Returns when storage has taken a write.</param>
/// <param name="time">For the wait.</param>
internal sealed class StorageHealth(Func<Task> ask, TimeProvider time) : IHealthPart
{
    public const string Key = "storage";

    /// <summary>Long enough for a disk that stalls, but shorter than callers wait.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private Task? _asked;
    private long _askedAt;
    private string? _lastReason;

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        if (_asked is null) _askedAt = time.GetTimestamp();
        var asked = _asked ??= Task.Run(ask, cancellationToken);

        try
        {
            await asked.WaitAsync(MaxWait, time, cancellationToken);
            (_asked, _lastReason) = (null, null);
            return [];
        }
        catch (TimeoutException) when (!asked.IsCompleted)
        {
            var waited = time.GetElapsedTime(_askedAt).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            return [Problem($"A write has waited for {waited} s.{(_lastReason is null ? "" : $" The one before failed: {_lastReason}")}")];
        }
        catch (Exception e) when (asked.IsCompleted)
        {
            (_asked, _lastReason) = (null, e.Message);
            return [Problem(e.Message)];
        }
    }

    private Finding Problem(string reason) =>
        new(Key, $"Storage takes no writes: actions can't be answered. {reason}", IsCritical: true, time.GetUtcNow());
}
