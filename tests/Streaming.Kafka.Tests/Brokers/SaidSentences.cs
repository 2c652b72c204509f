using System.Collections.Concurrent;
using Banking.Streaming.Kafka.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>Keeps what a log says, from information on. Thread-safe.</summary>
internal sealed class SaidSentences : ILogger<KafkaLog>
{
    private readonly ConcurrentQueue<string> _sentences = new();

    public int Count(string part) => _sentences.Count(sentence => sentence.Contains(part, StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) _sentences.Enqueue(formatter(state, exception));
    }
}
