namespace Banking.Storage.GroupCommit;

/// <summary>
/// One write on its way to a transaction, and the task that its caller awaits. The committer decides it with <see cref="Accept"/> or
/// <see cref="Refuse"/>; the caller learns the result only from <see cref="Answer"/> or <see cref="Fail"/>, after the transaction's end.
/// </summary>
/// <param name="row">The row to write.</param>
/// <param name="expected">The version that the row must have; 0 if it must never have existed.</param>
/// <param name="payload">The serialized state; null to clear the row.</param>
/// <param name="isPending">Whether the state has pending work.</param>
/// <param name="writtenAt">Unix time in milliseconds.</param>
/// <param name="epoch">The value of <see cref="IGrainRows.Epoch"/> when the write was made.</param>
internal sealed class GrainWrite(GrainRow row, long expected, ReadOnlyMemory<byte>? payload, bool isPending, long writtenAt, int epoch = 0)
    : TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private WriteOutcome _outcome;

    public GrainRow Row { get; } = row;
    public long Expected { get; } = expected;
    public ReadOnlyMemory<byte>? Payload { get; } = payload;
    public bool IsPending { get; } = isPending;
    public long WrittenAt { get; } = writtenAt;
    public int Epoch { get; } = epoch;
    public int Bytes => Payload?.Length ?? 0;
    public bool IsConflict => _outcome.IsConflict;

    /// <summary>The next write in the list; for <see cref="WriteList"/> only.</summary>
    internal GrainWrite? Next { get; set; }

    /// <summary>Accepts the write: the row will have this version once the transaction commits.</summary>
    public void Accept(long version) => _outcome = new WriteOutcome(version, IsConflict: false);

    /// <summary>Refuses the write: the row does not have the expected version, and is left alone.</summary>
    public void Refuse(long current) => _outcome = new WriteOutcome(current, IsConflict: true);

    public void Answer() => SetResult(_outcome);

    public void Fail(Exception reason) => SetException(reason);
}

internal enum Enqueued
{
    Yes,
    Full,
    Closed,
}
