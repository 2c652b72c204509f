namespace Banking.Events;

/// <summary>A partition of the game's events.</summary>
/// <param name="Log">The id of the log: a number means nothing in another log that took this one's place.</param>
/// <param name="Number">From 0.</param>
[GenerateSerializer, Immutable, Alias("banking.event-partition")]
public sealed record EventPartition([property: Id(0)] string Log, [property: Id(1)] int Number);
