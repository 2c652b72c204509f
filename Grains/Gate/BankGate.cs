using Banking.Recovery;
using Banking.Waiting;

namespace Banking.Gate;

/// <summary>
/// Whether accounts of this silo may act and publish. It is created open, for a host that checks nothing. A host that does check closes it
/// before its silo starts, and opens it when storage has passed the check. Thread-safe.
/// </summary>
public sealed class BankGate
{
    private readonly Lock _lock = new();
    private volatile BankStatus _status = new(BankStage.Checked, null, null, 0);
    private readonly ChangeSignal _changed = new();
    private volatile int _version;
    private volatile int _publishing;

    /// <summary>The last known status of the check.</summary>
    public BankStatus Status => _status;

    /// <summary>The bank's id, which goes into the header of each of its records; null if it is not known.</summary>
    public string? Bank => _status.Bank;

    /// <summary>Whether accounts may act.</summary>
    public bool IsOpen => _status.Stage is BankStage.Checked or BankStage.Unchecked;

    /// <summary>Whether events may go to the log: then none of them can repeat a number that is taken.</summary>
    public bool MayPublish => _status.Stage is BankStage.Checked;

    /// <summary>Changes when accounts in memory have to be loaded again.</summary>
    public int Version => _version;

    /// <summary>
    /// Whether accounts that were loaded at a <see cref="Version"/> may still send durable events to the log. They may until
    /// <see cref="CutOff"/>, even after the gate was closed.
    /// </summary>
    public bool MayStillPublish(int version) => version >= _publishing;

    /// <summary>Stops accounts that were loaded before now from publishing: storage will give their numbers to other events.</summary>
    public void CutOff() => _publishing = _version;

    /// <summary>Takes in the check's newest status.</summary>
    public void Set(BankStatus status)
    {
        lock (_lock)
        {
            // Done first: an account that sees the gate open, or open to publishing, must also see that it has to be loaded again.
            var closes = IsOpen && status.Stage is not (BankStage.Checked or BankStage.Unchecked);

            // A check that changed nothing has no epoch, whatever epoch an earlier check had.
            if (closes || (status.Epoch != 0 && status.Epoch != _status.Epoch)) _version++;
            _status = status;
        }

        _changed.Fire();
    }

    /// <exception cref="BankClosedException">Nobody may act.</exception>
    public void RequireOpen()
    {
        if (!IsOpen) throw Closed();
    }

    /// <summary>
    /// Waits a while for the end of a check that is under way. A check that has found something takes longer than callers wait.
    /// </summary>
    /// <exception cref="BankClosedException">Nobody may act yet.</exception>
    public async ValueTask WaitUntilOpenAsync(TimeSpan timeout, TimeProvider time)
    {
        if (IsOpen) return;
        var since = time.GetTimestamp();
        while (true)
        {
            var changed = _changed.Next;
            if (IsOpen) return;
            var left = timeout - time.GetElapsedTime(since);
            if (_status.Stage != BankStage.Checking || left <= TimeSpan.Zero) throw Closed();
            await Task.WhenAny(changed, Task.Delay(left, time));
        }
    }

    private BankClosedException Closed() =>
        new(_status.Sentence ?? "The bank's database is being checked against the log. Try again soon.");
}

/// <summary>
/// The bank answers nobody for now: its storage has not been checked against the log yet, or does not belong to it. The message is a
/// sentence for people.
/// </summary>
[GenerateSerializer, Alias("banking.bank-closed-exception")]
public sealed class BankClosedException(string message) : Exception(message);

/// <summary>The account is set aside: any answer it gave could be wrong.</summary>
[GenerateSerializer, Alias("banking.account-set-aside-exception")]
public sealed class AccountSetAsideException(string accountId, string reason) : Exception(
    $"The account {accountId} is set aside until it is repaired: {reason}");
