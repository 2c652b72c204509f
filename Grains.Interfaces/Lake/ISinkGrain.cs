using Orleans.Concurrency;

namespace Banking.Lake;

/// <summary>Writes one partition of the event log to the lake; the key is the partition's number.</summary>
[Alias("banking.sink")]
public interface ISinkGrain : IGrainWithStringKey
{
    /// <summary>
    /// Returns when every record of the partition up to and including <paramref name="offset"/> is in a committed file (or needs none).
    /// </summary>
    [AlwaysInterleave, Alias("flush")]
    Task Flush(long offset);

    [AlwaysInterleave, Alias("status")]
    Task<SinkStatus> GetStatus();
}

/// <param name="NextOffset">The first offset not yet taken in.</param>
/// <param name="DurableOffset">Everything below this offset is in committed files, or needs none.</param>
/// <param name="BufferedRows">Rows taken in but not in a committed file.</param>
/// <param name="DuplicatesDropped">Events that were in the log a second time, since activation.</param>
/// <param name="Unreadable">Records that were not events, since activation.</param>
/// <param name="Refusal">Why nothing more of the partition is taken in until a person decides, e.g. that the lake is ahead of the log; null
/// if records are taken in.</param>
/// <param name="Failure">Why nothing of the partition gets into the lake at the moment, e.g. that the lake is unavailable. It is tried
/// again. Null if nothing is wrong.</param>
/// <param name="Findings">All that an operator has to know about the partition; null from a silo of an earlier build, which gives only
/// <paramref name="Refusal"/>.</param>
/// <param name="DeadLetters">Records that were not events and are durable among the dead letters, since activation.</param>
/// <param name="Forks">Events set apart because another event of their account has their number. They count until somebody removes them
/// from the lake's folder <c>_forks</c>.</param>
/// <param name="Missing">Sequence numbers of accounts that were passed over, since activation.</param>
[GenerateSerializer, Immutable, Alias("banking.sink-status")]
public sealed record SinkStatus(
    [property: Id(0)] int Partition,
    [property: Id(1)] long NextOffset,
    [property: Id(2)] long DurableOffset,
    [property: Id(3)] long BufferedRows,
    [property: Id(4)] long DuplicatesDropped,
    [property: Id(5)] long Unreadable,
    [property: Id(6)] string? Refusal = null,
    [property: Id(7)] string? Failure = null,
    [property: Id(8)] IReadOnlyList<SinkFinding>? Findings = null,
    [property: Id(9)] long DeadLetters = 0,
    [property: Id(10)] long Forks = 0,
    [property: Id(11)] long Missing = 0);

/// <summary>Something about the partition that an operator has to know for as long as it is true.</summary>
/// <param name="Key">What it is about, such as <c>lake/partition-3/blocked</c>: one finding for each key.</param>
/// <param name="Sentence">For people: what is wrong, by which record, and what they can do about it. No secrets.</param>
/// <param name="IsCritical">True if players must not be answered because what they do now could not be kept; false if only something behind
/// them is late or held up.</param>
/// <param name="Since">When it began, as far as is known (UTC).</param>
[GenerateSerializer, Immutable, Alias("banking.sink-finding")]
public sealed record SinkFinding(
    [property: Id(0)] string Key,
    [property: Id(1)] string Sentence,
    [property: Id(2)] bool IsCritical,
    [property: Id(3)] DateTimeOffset Since);
