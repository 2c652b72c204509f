using Banking.Waiting;

namespace Banking.Events;

/// <summary>
/// One partition's way to the log, shared by all accounts of a silo. Events that come while an append is under way go with the next one, so
/// the number of appends does not grow with the number of accounts. Thread-safe.
/// </summary>
/// <param name="append">Completes when the events are in the log, next to each other and in order.</param>
/// <param name="isRefusal">Whether a failure means that one of the events can never be appended: then only the events that came with it
/// fail.</param>
internal sealed class PartitionPublisher(Func<IReadOnlyList<GameEvent>, Task> append, Func<Exception, bool> isRefusal)
{
    private readonly CoalescedRuns<Batch> _appends = new(batch => AppendAsync(batch, append, isRefusal));

    /// <summary>Completes when the log has the events. A failure means that it may or may not have them.</summary>
    public Task PublishAsync(IReadOnlyList<GameEvent> events) => _appends.Join(events, static (batch, joining) => batch.Add(joining)).Task;

    private static async Task AppendAsync(
        Batch batch, Func<IReadOnlyList<GameEvent>, Task> append, Func<Exception, bool> isRefusal)
    {
        try
        {
            await append(batch.Events);
            foreach (var part in batch.Parts) part.SetResult();
        }
        catch (Exception e) when (batch.Parts.Count > 1 && isRefusal(e))
        {
            // An event that the log never takes stops only its own account. Events of the others that are already in the log are then there
            // twice.
            foreach (var part in batch.Parts) await AppendAsync(part, append);
        }
        catch (Exception e)
        {
            foreach (var part in batch.Parts) part.SetException(e);
        }
    }

    private static async Task AppendAsync(Part part, Func<IReadOnlyList<GameEvent>, Task> append)
    {
        try
        {
            await append(part.Events);
            part.SetResult();
        }
        catch (Exception e)
        {
            part.SetException(e);
        }
    }

    private sealed class Batch
    {
        public List<GameEvent> Events { get; } = [];

        public List<Part> Parts { get; } = [];

        public Part Add(IReadOnlyList<GameEvent> events)
        {
            Events.AddRange(events);
            var part = new Part(events);
            Parts.Add(part);
            return part;
        }
    }

    private sealed class Part(IReadOnlyList<GameEvent> events) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public IReadOnlyList<GameEvent> Events => events;
    }
}
