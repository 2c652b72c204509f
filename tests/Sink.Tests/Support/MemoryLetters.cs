using Banking.Streaming.Log;

namespace Banking.Sink.Tests.Support;

/// <summary>A place for dead letters in memory, which takes none while it is closed.</summary>
internal sealed class MemoryLetters : IDeadLetterLog
{
    private readonly List<DeadLetter> _letters = [];

    public bool IsClosed { get; set; }

    public List<int> Batches { get; } = [];

    public IReadOnlyList<DeadLetter> Letters => _letters;

    public IEnumerable<long> Offsets => _letters.Select(letter => letter.Record.Offset);

    public ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        if (IsClosed) throw new IOException("The broker is away.");
        _letters.AddRange(letters);
        Batches.Add(letters.Count);
        return default;
    }
}
