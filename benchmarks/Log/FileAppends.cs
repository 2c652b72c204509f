using Banking.Benchmarks.Measuring;
using Banking.Streaming.Log;

namespace Banking.Benchmarks.Log;

/// <summary>The least that durability costs: keys and values into a file as they are, and a flush to the disk a batch.</summary>
internal static class FileAppends
{
    public static async Task<Work> RunAsync(Workbench bench, string path, NewLogRecord[] batch)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 18);
        Task<int> Append(int caller)
        {
            foreach (var record in batch)
            {
                file.Write(record.Key.Span);
                file.Write(record.Value.Span);
            }

            file.Flush(flushToDisk: true);
            return Task.FromResult(batch.Length);
        }

        await ManyCallers.RunAsync(1, bench.WarmUp, bench.Time, Append);
        return await ManyCallers.RunAsync(1, bench.Duration, bench.Time, Append);
    }
}
