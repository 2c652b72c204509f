using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Banking.Storage.Tests.GroupCommit;

/// <summary>Keeps the levels of what was logged. Thread-safe.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<LogLevel> _levels = new();

    public LogLevel[] Levels => [.. _levels];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _levels.Enqueue(logLevel);
}
