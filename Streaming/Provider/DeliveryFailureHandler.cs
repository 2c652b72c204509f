using Microsoft.Extensions.Logging;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// Makes failures visible; the cursor decides what happens to the records (<see cref="StreamCursor.RecordDeliveryFailure"/>). Never faults
/// a subscription.
/// </summary>
internal sealed partial class DeliveryFailureHandler(int partition, LogStreamMetrics metrics, ILogger logger) : IStreamFailureHandler
{
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        metrics.Failed(partition, "delivery");
        LogDeliveryFailed(streamProviderName, streamIdentity, subscriptionId, sequenceToken);
        return Task.CompletedTask;
    }

    public Task OnSubscriptionFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        metrics.Failed(partition, "subscription");
        LogSubscriptionFailed(streamProviderName, streamIdentity, subscriptionId, sequenceToken);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Error, "Provider {Provider}, stream {Stream}: the subscriber {Subscription} did not take the records up to "
        + "{Token}.")]
    private partial void LogDeliveryFailed(string provider, StreamId stream, GuidId subscription, StreamSequenceToken? token);

    [LoggerMessage(LogLevel.Error, "Provider {Provider}, stream {Stream}: the subscriber {Subscription} can't be asked where it stands "
        + "({Token}).")]
    private partial void LogSubscriptionFailed(string provider, StreamId stream, GuidId subscription, StreamSequenceToken? token);
}

/// <summary>Exponential pauses between the retries of a delivery; each retry is counted.</summary>
internal sealed class DeliveryBackoff(LogStreamOptions options, LogStreamMetrics metrics) : IMessageDeliveryBackoffProvider
{
    public TimeSpan Next(int attempt)
    {
        metrics.Retried();
        return options.Retries.After(attempt + 1);
    }
}
