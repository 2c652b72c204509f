using System.Collections.Concurrent;

namespace Banking.Events;

/// <summary>
/// Knows whether everything that was published to a partition up to a time is durable in the lake. Nobody waits for it: it answers at once
/// with what it knows. What it could not answer it checks once a second for each partition, until the answer is known. One for each silo;
/// thread-safe.
/// </summary>
internal sealed class PartitionSettling : IDisposable
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ILakeProgress _lake;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<int, Watch> _watches = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;

    public PartitionSettling(ILakeProgress lake, TimeProvider clock) => (_lake, _clock, _stopped) = (lake, clock, _stopping.Token);

    /// <param name="time">A timestamp of the silo's clock.</param>
    public bool IsSettled(int partition, long time)
    {
        var watch = _watches.GetOrAdd(partition, static _ => new Watch());
        lock (watch)
        {
            if (watch.Samples.IsSettled(time)) return true;
            if (watch.IsRunning) return false;
            watch.IsRunning = true;
        }

        // Runs neither on the grain's scheduler nor with its request context, as it works for all accounts.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => RunAsync(partition, watch));
        return false;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task RunAsync(int partition, Watch watch)
    {
        do
        {
            try
            {
                await LookAsync(partition, watch);
            }
            catch (Exception) when (!_stopped.IsCancellationRequested)
            {
                // Log and lake report their own failures; a failure here settles nothing.
            }

            await Task.Delay(Period, _clock, _stopped);
        }
        while (!HasEnded(watch));
    }

    private async Task LookAsync(int partition, Watch watch)
    {
        bool needsSample;
        lock (watch) needsSample = watch.Samples.NeedsSample;
        if (needsSample)
        {
            var at = _clock.GetTimestamp();
            var end = await _lake.GetEndAsync(partition, _stopped);
            lock (watch) watch.Samples.Sample(at, end);
        }

        var durable = await _lake.GetDurableAsync(partition, _stopped);
        lock (watch) watch.Samples.Observe(durable);
    }

    private static bool HasEnded(Watch watch)
    {
        lock (watch) return !(watch.IsRunning = watch.Samples.IsAsked);
    }

    private sealed class Watch
    {
        public SettlingSamples Samples { get; } = new();

        public bool IsRunning { get; set; }
    }
}
