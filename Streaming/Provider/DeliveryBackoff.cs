using Orleans.Runtime.Providers;

namespace Banking.Streaming.Provider;

/// <summary>Exponential pauses between the retries of a delivery, each counted.</summary>
internal sealed class DeliveryBackoff(LogStreamOptions options, LogStreamMetrics metrics) : IMessageDeliveryBackoffProvider
{
    public TimeSpan Next(int attempt)
    {
        metrics.Retried();
        var factor = Math.Pow(2, Math.Clamp(attempt, 0, 30));
        return TimeSpan.FromTicks((long)Math.Min(options.MaxRetryDelay.Ticks, options.MinRetryDelay.Ticks * factor));
    }
}
