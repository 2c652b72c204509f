using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// The letters of records that could not be decoded in this process. Decoding can't wait: a record's first decoding starts its letter and
/// fails; the delivery is tried again, and passes the record once its letter is durable. Thread-safe.
/// </summary>
internal sealed class UndecodableLetters(DeadLetters letters)
{
    /// <summary>
    /// A record that is forgotten gets a second letter. This must not be less than the most records of a delivery, or such a delivery would
    /// never pass.
    /// </summary>
    private const int MaxRemembered = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(int Partition, long Offset), bool> _isDurable = [];
    private readonly Queue<(int Partition, long Offset)> _order = new();

    public bool IsDurable(int partition, long offset)
    {
        lock (_lock) return _isDurable.GetValueOrDefault((partition, offset));
    }

    /// <summary>Starts the letters that are not under way yet.</summary>
    public void Send(IReadOnlyList<DeadLetter> undecodable)
    {
        List<DeadLetter> fresh = [];
        lock (_lock)
        {
            foreach (var letter in undecodable)
            {
                var key = (letter.Partition, letter.Record.Offset);
                if (!_isDurable.TryAdd(key, false)) continue;
                _order.Enqueue(key);
                fresh.Add(letter);
                if (_order.Count > MaxRemembered) _isDurable.Remove(_order.Dequeue());
            }
        }

        // Not in the consumer's turn: the consumer must not wait for it, and may be gone before it is done.
        if (fresh.Count > 0) _ = Task.Run(() => AppendAsync(fresh));
    }

    private async Task AppendAsync(List<DeadLetter> fresh)
    {
        try
        {
            await letters.AppendAsync(fresh, "undecodable", CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The container is disposed; the next reader of the record writes its letter.
            return;
        }

        lock (_lock)
        {
            foreach (var letter in fresh)
            {
                var key = (letter.Partition, letter.Record.Offset);
                if (_isDurable.ContainsKey(key)) _isDurable[key] = true;
            }
        }
    }
}
