namespace Banking.Events;

/// <summary>
/// A partition of the game's events. Two are equal if they are the same place; where an account's events begin there is no part of that.
/// </summary>
/// <param name="Log">The id of the log: a number means nothing in another log that took this one's place.</param>
/// <param name="Number">From 0.</param>
/// <param name="FirstNumber">
/// In an account's record: the sequence number of the account's first event there. 0 in records of earlier builds, which did not keep it:
/// taken as 1.
/// </param>
[GenerateSerializer, Immutable, Alias("banking.event-partition")]
public sealed record EventPartition([property: Id(0)] string Log, [property: Id(1)] int Number, [property: Id(2)] long FirstNumber = 1)
{
    public bool Equals(EventPartition? other) => other is not null && Log == other.Log && Number == other.Number;

    public override int GetHashCode() => HashCode.Combine(Log, Number);
}
