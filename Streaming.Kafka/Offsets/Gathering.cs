using Banking.Streaming.Log;
using Banking.Waiting;

namespace Banking.Streaming.Kafka.Offsets;

/// <summary>
/// Requests that come while one is under way go together with the next, so that many partitions cost few requests. Thread-safe.
/// </summary>
/// <param name="ask">Answers many requests at once, blocking; those that get no answer fail.</param>
internal sealed class Gathering<TKey, TAsk, TAnswer>(Func<Dictionary<TKey, TAsk>, Dictionary<TKey, TAnswer>> ask)
    where TKey : notnull
{
    private readonly CoalescedRuns<Round> _runs = new(
        round =>
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

            return Task.CompletedTask;
        },
        TaskCreationOptions.LongRunning);

    /// <summary>If two requests for the same key wait together, the later one counts, and both get its answer.</summary>
    public async Task<TAnswer> AskAsync(TKey key, TAsk what)
    {
        var answers = await _runs.Join(
            (key, what),
            static (round, request) =>
            {
                round.Asks[request.key] = request.what;
                return round.Answers.Task;
            });
        return answers.TryGetValue(key, out var answer) ? answer : throw new LogException($"The brokers left {key} unanswered.");
    }

    private sealed class Round
    {
        public Dictionary<TKey, TAsk> Asks { get; } = [];

        public TaskCompletionSource<Dictionary<TKey, TAnswer>> Answers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
