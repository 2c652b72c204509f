using Orleans.Concurrency;

namespace Banking.Lake;

/// <summary>Writes one partition of the events to the lake; the key is the partition's number.</summary>
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
/// <param name="DurableOffset">Below it everything is in committed files, or needs none.</param>
/// <param name="BufferedRows">Rows taken in but not in a committed file.</param>
/// <param name="DuplicatesDropped">Since activation: events that were in the log a second time.</param>
/// <param name="Unreadable">Since activation: records that were not events.</param>
/// <param name="Refusal">Why nothing, or nothing more, of the partition is taken in until a person decides, e.g. that the lake is ahead of
/// the log; null if it is.</param>
/// <param name="Failure">Why nothing of the partition comes into the lake just now, e.g. that the lake is away: it is tried again; null if
/// nothing is wrong.</param>
/// <param name="Findings">All that an operator has to know of the partition; null from a silo of an earlier build, which says
/// <paramref name="Refusal"/> only.</param>
/// <param name="DeadLetters">Since activation: records that were not events and are durable among the dead letters.</param>
/// <param name="Forks">Events set apart, as another event of their account has their number; until somebody removes them from the lake's
/// folder <c>_forks</c>.</param>
/// <param name="Missing">Since activation: numbers of accounts that were passed over.</param>
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

/// <summary>Something of the partition that an operator has to know, for as long as it is so.</summary>
/// <param name="Key">What it is about, such as <c>lake/partition-3/blocked</c>: one finding for each key.</param>
/// <param name="Sentence">For people: what is wrong, by which record, and what they can do about it. No secrets.</param>
/// <param name="IsCritical">Players must not be answered, as what they do now could not be kept; otherwise something is late, or held up,
/// behind them.</param>
/// <param name="Since">Since when it is so, as far as is known (UTC).</param>
[GenerateSerializer, Immutable, Alias("banking.sink-finding")]
public sealed record SinkFinding(
    [property: Id(0)] string Key,
    [property: Id(1)] string Sentence,
    [property: Id(2)] bool IsCritical,
    [property: Id(3)] DateTimeOffset Since);
