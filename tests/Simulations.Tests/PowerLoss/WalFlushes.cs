using System.Buffers.Binary;
using System.Text;
using Banking.Servers.Tracing;

namespace Banking.Simulations.Tests.PowerLoss;

/// <summary>
/// SQLite's write-ahead logs (https://sqlite.org/fileformat2.html#the_write_ahead_log): with <c>synchronous=FULL</c> every transaction is
/// flushed before the next one is written, and before anybody hears of it. With less it is not.
/// </summary>
internal static class WalFlushes
{
    private const int FrameHeaderBytes = 24;

    public static IEnumerable<string> Violations(IReadOnlyList<SystemCall> calls)
    {
        foreach (
            var file in calls
                .Where(call => call.IsWrite && call.File.EndsWith("-wal", StringComparison.Ordinal))
                .GroupBy(call => call.File))
        {
            SystemCall[] writes = [.. file];
            for (var i = 0; i < writes.Length; i++)
            {
                if (!IsCommit(writes[i])) continue;

                // Its page comes with the next write; what comes then is another transaction's.
                var page = writes[Math.Min(i + 1, writes.Length - 1)];
                var next = i + 2 < writes.Length ? writes[i + 2] : null;
                if (!calls.IsFlushed(page, next))
                    yield return $"Line {writes[i].Began}: the transaction is not flushed before the next one is written to {file.Key}.";
            }
        }
    }

    // The header of a transaction's last frame has the size of the database after it, in pages; the others have 0 there.
    private static bool IsCommit(SystemCall write) =>
        write.Texts is [{ Length: FrameHeaderBytes } header]
            && BinaryPrimitives.ReadInt32BigEndian(Encoding.Latin1.GetBytes(header).AsSpan(4)) != 0;

    /// <summary>Whether the file that was written is flushed after it, and before another call if there is one.</summary>
    public static bool IsFlushed(this IEnumerable<SystemCall> calls, SystemCall write, SystemCall? before) =>
        calls.IsFlushed(write.File, write, before);

    /// <summary>Whether a file or folder is flushed after a call, and before another one if there is one.</summary>
    public static bool IsFlushed(this IEnumerable<SystemCall> calls, string file, SystemCall after, SystemCall? before) =>
        calls.Any(flush => flush.IsFlush && flush.File == file && after.IsBefore(flush) && (before is null || flush.IsBefore(before)));
}
