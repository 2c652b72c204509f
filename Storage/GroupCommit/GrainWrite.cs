namespace Banking.Storage.GroupCommit;

/// <summary>
/// One write on its way to a transaction, and the promise that its caller awaits. The committer decides it with <see cref="Accept"/> or
/// <see cref="Refuse"/>; the caller hears of it only from <see cref="Answer"/> or <see cref="Fail"/>, after the transaction's end.
/// </summary>
/// <param name="row">The row to write.</param>
/// <param name="expected">The version that the row must have; 0 when it must never have existed.</param>
/// <param name="payload">The serialized state; null to clear the row.</param>
/// <param name="isPending">Whether the state has pending work.</param>
/// <param name="writtenAt">Unix time in milliseconds.</param>
/// <param name="epoch">What <see cref="IGrainRows.Epoch"/> was when it was made.</param>
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

    /// <summary>The write behind it in the list that it is in; for <see cref="WriteList"/> only.</summary>
    internal GrainWrite? Next { get; set; }

    /// <summary>The row will have this version once the transaction commits.</summary>
    public void Accept(long version) => _outcome = new WriteOutcome(version, IsConflict: false);

    /// <summary>The row has another version than the expected one, and is left alone.</summary>
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
