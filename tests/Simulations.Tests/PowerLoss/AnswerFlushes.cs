using Banking.Servers.Tracing;

namespace Banking.Simulations.Tests.PowerLoss;

/// <summary>
/// Actions are in storage, and what is said to be in the lake is in the log, before that is answered. For requests that are sent one at a
/// time: then what is written and flushed between a request and its answer is its own. That no transaction goes unflushed is
/// <see cref="WalFlushes"/>' part.
/// </summary>
internal static class AnswerFlushes
{
    public static IEnumerable<string> Violations(IReadOnlyList<SystemCall> calls)
    {
        SystemCall? firstAction = null;
        foreach (var answer in Answer.Of(calls))
        {
            if (answer.IsAction)
            {
                firstAction ??= answer.Request;
                if (!Has("/storage.db-wal", answer.Request!, answer.Sent))
                    yield return $"Line {answer.Sent.Began}: an action is answered before storage's log has it on the disk.";
            }
            else if (answer.IsFlush && firstAction is not null)
            {
                if (!Has("/log.db-wal", firstAction, answer.Sent))
                    yield return $"Line {answer.Sent.Began}: actions are said to be in the lake before the log has them on the disk.";
                firstAction = null;
            }
        }

        bool Has(string file, SystemCall after, SystemCall before) => calls.Any(write =>
            write.IsWrite
                && write.File.EndsWith(file, StringComparison.Ordinal) && after.IsBefore(write) && calls.IsFlushed(write, before));
    }
}
