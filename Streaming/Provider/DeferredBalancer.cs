using Banking.Streaming.Log;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// Has no queues until the log is open, and then delegates to the real balancer. So a silo starts, and its grains answer, while the log
/// can't be reached.
/// </summary>
internal sealed class DeferredBalancer(
    IStreamQueueBalancer balancer, IPartitionedLog log, TimeProvider time) : IStreamQueueBalancer, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<IStreamQueueBalanceListener> _listeners = [];
    private readonly CancellationTokenSource _stopped = new();
    private bool _isOpen;
    private Task _opening = Task.CompletedTask;

    public Task Initialize(IStreamQueueMapper queueMapper)
    {
        var opening = log.OpenAsync(_stopped.Token);
        if (opening.IsCompletedSuccessfully) return OpenAsync(queueMapper);
        _opening = WaitAsync(opening, queueMapper);
        return Task.CompletedTask;
    }

    public IEnumerable<QueueId> GetMyQueues() => Volatile.Read(ref _isOpen) ? balancer.GetMyQueues() : [];

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_lock)
        {
            return _isOpen ? balancer.SubscribeToQueueDistributionChangeEvents(observer) : _listeners.Add(observer);
        }
    }

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_lock)
        {
            return _isOpen ? balancer.UnSubscribeFromQueueDistributionChangeEvents(observer) : _listeners.Remove(observer);
        }
    }

    public async Task Shutdown()
    {
        await _stopped.CancelAsync();
        await _opening;
        if (_isOpen) await balancer.Shutdown();
    }

    public void Dispose() => _stopped.Dispose();

    private async Task WaitAsync(ValueTask opening, IStreamQueueMapper queueMapper)
    {
        while (true)
        {
            try
            {
                await opening;
                await OpenAsync(queueMapper);
                foreach (var listener in _listeners) await listener.QueueDistributionChangeNotification();
                return;
            }
            catch (Exception) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is LogException or TimeoutException)
            {
                // The log itself reports why it is not open, and keeps trying.
                await Task.Delay(Pause, time, CancellationToken.None);
                opening = log.OpenAsync(_stopped.Token);
            }
        }
    }

    private async Task OpenAsync(IStreamQueueMapper queueMapper)
    {
        await balancer.Initialize(queueMapper);
        lock (_lock)
        {
            foreach (var listener in _listeners) balancer.SubscribeToQueueDistributionChangeEvents(listener);
            Volatile.Write(ref _isOpen, true);
        }
    }
}
