using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Kafka.Native;

/// <summary>
/// Logs what librdkafka's clients report on their own threads. An unavailable broker is reported now and then, not by each client on each
/// attempt. Thread-safe.
/// </summary>
internal sealed partial class ClientLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private long? _saidAt;

    public void Say(Error error)
    {
        if (error.IsFatal) LogFatal(error.Reason);
        else if (IsDue()) LogError(error.Reason);
    }

    public void Say(LogMessage message)
    {
        // What matters in these messages also comes as an error, or to the caller that waits.
        LogMessageOf(message.Name, message.Facility, message.Message);
    }

    private bool IsDue()
    {
        lock (_lock)
        {
            if (_saidAt is { } said && time.GetElapsedTime(said) < SayAgainAfter) return false;
            _saidAt = time.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(LogLevel.Error, "Kafka's client can't go on and is replaced: {Reason}")]
    private partial void LogFatal(string reason);

    [LoggerMessage(LogLevel.Warning, "Kafka: {Reason} (it is tried again; said at most every 30 s)")]
    private partial void LogError(string reason);

    [LoggerMessage(LogLevel.Debug, "{Client} {Facility}: {Message}")]
    private partial void LogMessageOf(string client, string facility, string message);
}
