namespace Banking.Recovery;

/// <summary>What storage knows of the bank as a whole: who it is, and which log it fed up to where.</summary>
[GenerateSerializer, Immutable, Alias("banking.bank-record")]
public sealed record BankRecord
{
    /// <summary>
    /// 12 characters of <c>a-z</c> and <c>0-9</c>, made at the first start. Stands in the header of every record that the bank publishes.
    /// </summary>
    [Id(0)] public required string Bank { get; init; }

    /// <summary>The id of the lake that the events went to; null if it has none.</summary>
    [Id(1)] public string? Lake { get; init; }

    /// <summary>One for each partition of the log.</summary>
    [Id(2)] public LogMark[] Marks { get; init; } = [];

    /// <summary>
    /// Earlier builds' records have no header: they count as the bank's up to this time of theirs. Long past for a bank that never ran an
    /// earlier build.
    /// </summary>
    [Id(3)] public DateTimeOffset UnsignedUntil { get; init; }

    /// <summary>How far the log's partitions went when storage last looked: a log that ends sooner lost its end.</summary>
    [Id(4)] public LogEnd[] Ends { get; init; } = [];

    /// <summary>Chains of the lake that get nothing more, by their names: storage has all of the bank's events in them.</summary>
    [Id(5)] public string[] ClosedChains { get; init; } = [];
}

/// <summary>How far a partition of a log went.</summary>
/// <param name="Log">The log's id.</param>
/// <param name="Next">The offset behind its last record.</param>
[GenerateSerializer, Immutable, Alias("banking.log-end")]
public sealed record LogEnd([property: Id(0)] string Log, [property: Id(1)] int Partition, [property: Id(2)] long Next);

/// <summary>A record that the log had when storage had all of the bank's events up to it.</summary>
/// <param name="Log">The log's id.</param>
/// <param name="Timestamp">When the log took it, Unix milliseconds.</param>
/// <param name="Hash">64 bits of the SHA-256 of its value.</param>
[GenerateSerializer, Immutable, Alias("banking.log-mark")]
public sealed record LogMark(
    [property: Id(0)] string Log,
    [property: Id(1)] int Partition,
    [property: Id(2)] long Offset,
    [property: Id(3)] long Timestamp,
    [property: Id(4)] ulong Hash);

/// <summary>What is wrong with one account; kept under the account's key beside its state, so that all of them can be listed.</summary>
/// <param name="Reason">A sentence.</param>
/// <param name="IsSetAside">The account does nothing; else only its holder's name is unknown.</param>
[GenerateSerializer, Immutable, Alias("banking.account-finding")]
public sealed record AccountFinding(
    [property: Id(0)] string Reason, [property: Id(1)] bool IsSetAside, [property: Id(2)] DateTimeOffset FoundAt);
