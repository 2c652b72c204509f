using Orleans.Concurrency;

namespace Banking.Lake;

/// <summary>Writes one partition of the events to the lake; the key is the partition's number.</summary>
[Alias("banking.sink")]
public interface ISinkGrain : IGrainWithStringKey
{
    /// <summary>Returns when every record of the partition up to and including <paramref name="offset"/> is in a committed file (or needs none).</summary>
    [AlwaysInterleave, Alias("flush")]
    Task Flush(long offset);

    [AlwaysInterleave, Alias("status")]
    Task<SinkStatus> GetStatus();
}

/// <param name="NextOffset">The first offset not yet taken in.</param>
/// <param name="DurableOffset">Below it everything is in committed files, or needs none.</param>
/// <param name="BufferedRows">Rows taken in but not in a committed file.</param>
/// <param name="DuplicatesDropped">Since activation: events that were in the log a second time.</param>
/// <param name="Unreadable">Since activation: records that were no events.</param>
/// <param name="Refusal">Why nothing, or nothing more, of the partition is taken in until a person decides, e.g. that the lake is ahead of the log; null if it is.</param>
/// <param name="Failure">Why nothing of the partition comes into the lake just now, e.g. that the lake is away: it is tried again; null if nothing is wrong.</param>
/// <param name="Forks">Events set apart, as another event of their account has their number; until somebody removes them from the lake's folder <c>_forks</c>.</param>
/// <param name="Missing">Since activation: numbers of accounts that were passed over.</param>
/// <param name="Warning">What is wrong with the events themselves, as a sentence; null if nothing is.</param>
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
    [property: Id(8)] long Forks = 0,
    [property: Id(9)] long Missing = 0,
    [property: Id(10)] string? Warning = null);
