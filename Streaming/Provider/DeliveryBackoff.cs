using Orleans.Runtime.Providers;

namespace Banking.Streaming.Provider;

/// <summary>Exponential pauses between the retries of a delivery, each counted.</summary>
internal sealed class DeliveryBackoff(LogStreamOptions options, LogStreamMetrics metrics) : IMessageDeliveryBackoffProvider
{
    public TimeSpan Next(int attempt)
    {
        metrics.Retried();
        return After(attempt, options);
    }

    /// <param name="attempt">How many tries in a row failed before, from 0.</param>
    public static TimeSpan After(int attempt, LogStreamOptions options)
    {
        var factor = Math.Pow(2, Math.Clamp(attempt, 0, 30));
        return TimeSpan.FromTicks((long)Math.Min(options.MaxRetryDelay.Ticks, options.MinRetryDelay.Ticks * factor));
    }
}
