using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Offsets;

/// <summary>
/// Requests that come while one is under way go together with the next. So many partitions cost few requests, and a request to an idle
/// connection does not wait. Thread-safe.
/// </summary>
/// <param name="ask">Answers many requests at once, blocking; those that get no answer fail.</param>
internal sealed class Gathering<TKey, TAsk, TAnswer>(Func<Dictionary<TKey, TAsk>, Dictionary<TKey, TAnswer>> ask)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private Round _next = new();
    private bool _isRunning;

    /// <summary>If two requests for the same key wait together, the later one counts, and both get its answer.</summary>
    public async Task<TAnswer> AskAsync(TKey key, TAsk what)
    {
        Round joined;
        var starts = false;
        lock (_lock)
        {
            joined = _next;
            joined.Asks[key] = what;
            if (!_isRunning) starts = _isRunning = true;
        }

        if (starts)
        {
            // The round belongs to no caller in particular, so it must not carry the context of the first one.
            using (ExecutionContext.SuppressFlow()) _ = Task.Factory.StartNew(
                Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        var answers = await joined.Answers.Task;
        return answers.TryGetValue(key, out var answer) ? answer : throw new LogException($"The brokers left {key} unanswered.");
    }

    private void Run()
    {
        while (Take() is { } round)
        {
            try
            {
                round.Answers.SetResult(ask(round.Asks));
            }
            catch (Exception e)
            {
                round.Answers.SetException(e);
                _ = round.Answers.Task.Exception;
            }
        }
    }

    private Round? Take()
    {
        lock (_lock)
        {
            var round = _next;
            if (round.Asks.Count == 0)
            {
                _isRunning = false;
                return null;
            }

            _next = new Round();
            return round;
        }
    }

    private sealed class Round
    {
        public Dictionary<TKey, TAsk> Asks { get; } = [];

        public TaskCompletionSource<Dictionary<TKey, TAnswer>> Answers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
