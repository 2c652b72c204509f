namespace Banking.Lake.Events;

/// <summary>A record of an ordered log, as the lake takes it in.</summary>
/// <param name="Offset">Where it lies in its partition; the next record's is larger, by one or more.</param>
/// <param name="Timestamp">When the log took it, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Value">The event's JSON, in UTF-8.</param>
public readonly record struct LakeRecord(long Offset, long Timestamp, ReadOnlyMemory<byte> Value);
