using Banking.Recovery;

namespace Banking.Gate;

/// <summary>
/// Whether accounts of this silo may act, and publish. Made open, for a host that checks nothing; a host that does closes it before its
/// silo starts, and opens it when storage stood the check. Thread-safe.
/// </summary>
public sealed class BankGate
{
    private readonly Lock _lock = new();
    private volatile BankStatus _status = new(BankStage.Checked, null, null, 0);
    private volatile TaskCompletionSource _changed = NewChange();
    private volatile int _version;
    private volatile int _publishing;

    /// <summary>What was last heard of the check.</summary>
    public BankStatus Status => _status;

    /// <summary>The bank's id, which goes into the header of each of its records; null if it is not known.</summary>
    public string? Bank => _status.Bank;

    /// <summary>Accounts act.</summary>
    public bool IsOpen => _status.Stage is BankStage.Checked or BankStage.Unchecked;

    /// <summary>Events may go to the log: none of them can be a second one of its number.</summary>
    public bool MayPublish => _status.Stage is BankStage.Checked;

    /// <summary>Changes when accounts in memory have to be loaded again.</summary>
    public int Version => _version;

    /// <summary>
    /// Whether accounts that were loaded at a <see cref="Version"/> may still send durable events to the log: until <see cref="CutOff"/>,
    /// also after the gate was closed.
    /// </summary>
    public bool MayStillPublish(int version) => version >= _publishing;

    /// <summary>Accounts that were loaded before now publish nothing more: storage gives their numbers to others.</summary>
    public void CutOff() => _publishing = _version;

    /// <summary>Takes the check's newest status in.</summary>
    public void Set(BankStatus status)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            // First: whoever sees the gate open, or open to publishing, must see that it has to be loaded again.
            var closes = IsOpen && status.Stage is not (BankStage.Checked or BankStage.Unchecked);

            // A check that changed nothing has no epoch, whatever one before it had.
            if (closes || (status.Epoch != 0 && status.Epoch != _status.Epoch)) _version++;
            _status = status;
            changed = _changed;
            _changed = NewChange();
        }

        changed.SetResult();
    }

    /// <exception cref="BankClosedException">Nobody may act.</exception>
    public void RequireOpen()
    {
        if (!IsOpen) throw Closed();
    }

    /// <summary>
    /// Waits a while for the end of a check that is under way. One that has found something takes longer than anybody waits.
    /// </summary>
    /// <exception cref="BankClosedException">Nobody may act yet.</exception>
    public async ValueTask WaitUntilOpenAsync(TimeSpan timeout, TimeProvider time)
    {
        if (IsOpen) return;
        var since = time.GetTimestamp();
        while (true)
        {
            var changed = _changed.Task;
            if (IsOpen) return;
            var left = timeout - time.GetElapsedTime(since);
            if (_status.Stage != BankStage.Checking || left <= TimeSpan.Zero) throw Closed();
            await Task.WhenAny(changed, Task.Delay(left, time));
        }
    }

    private BankClosedException Closed() =>
        new(_status.Sentence ?? "The bank's database is being checked against the log. Try again soon.");

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
