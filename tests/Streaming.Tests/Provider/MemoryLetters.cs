using System.Collections.Concurrent;
using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Provider;

/// <summary>A place for dead letters in memory; it can hold back, or fail, until the test lets it.</summary>
internal sealed class MemoryLetters : IDeadLetterLog
{
    private readonly ConcurrentQueue<DeadLetter> _letters = new();
    private int _failuresLeft;

    /// <summary>What appends wait for.</summary>
    public Task Opened { get; set; } = Task.CompletedTask;

    public int FailuresLeft
    {
        set => _failuresLeft = value;
    }

    public DeadLetter[] Letters => [.. _letters];

    public async ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        await Opened.WaitAsync(cancellationToken);
        if (Interlocked.Decrement(ref _failuresLeft) >= 0) throw new IOException("The broker is away.");
        foreach (var letter in letters) _letters.Enqueue(letter);
    }
}
