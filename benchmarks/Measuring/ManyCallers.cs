using System.Globalization;
using Banking.Client.Loading;

namespace Banking.Benchmarks.Measuring;

/// <summary>Callers that work side by side, each waiting for one answer before it asks again.</summary>
internal static class ManyCallers
{
    /// <param name="call">One call of one caller; returns how much it did.</param>
    public static async Task<Work> RunAsync(int callers, TimeSpan duration, TimeProvider time, Func<int, Task<int>> call)
    {
        var start = time.GetTimestamp();
        var works = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var done = 0L;
            var latency = new LatencyHistogram();
            for (var began = start; time.GetElapsedTime(start) < duration;)
            {
                began = time.GetTimestamp();
                done += await call(caller);
                latency.Add(time.GetElapsedTime(began));
            }

            return (done, latency);
        })));
        var total = new LatencyHistogram();
        foreach (var work in works) total.Add(work.latency);
        return new Work(works.Sum(work => work.done), time.GetElapsedTime(start), total);
    }
}

/// <param name="Latency">Of each call.</param>
internal sealed record Work(long Done, TimeSpan Elapsed, LatencyHistogram Latency)
{
    public double PerSecond => Done / Elapsed.TotalSeconds;

    public string Latencies => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {Latency.Percentile(50).TotalMilliseconds:0.00} ms, p99 {Latency.Percentile(99).TotalMilliseconds:0.00} ms");
}
