namespace Banking.Lake.Evidence;

/// <summary>What a partition's sink knew when it sealed a file; stands in the file's footer.</summary>
/// <param name="Mark">The newest record of the log that it had looked at, at or below the file's end.</param>
/// <param name="Committed">What is durable with this file and those that the other tables had committed by then.</param>
/// <param name="Sealed">The same with those that they had sealed by then: further on, if they came into the lake.</param>
public sealed record SealEvidence(RecordMark Mark, DurableClaim Committed, DurableClaim Sealed);
