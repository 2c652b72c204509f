using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Banking.Storage.Tests.GroupCommit;

/// <summary>Keeps the levels and sentences of what was logged. Thread-safe.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Sentence)> _lines = new();

    public LogLevel[] Levels => [.. _lines.Select(line => line.Level)];

    public string[] Sentences => [.. _lines.Select(line => line.Sentence)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));
}
