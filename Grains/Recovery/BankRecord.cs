namespace Banking.Recovery;

/// <summary>What storage knows about the bank as a whole: its identity, and how far it has fed which log.</summary>
[GenerateSerializer, Immutable, Alias("banking.bank-record")]
public sealed record BankRecord
{
    /// <summary>
    /// 12 characters of <c>a-z</c> and <c>0-9</c>, made at the first start. It is in the header of every record that the bank publishes.
    /// </summary>
    [Id(0)] public required string Bank { get; init; }

    /// <summary>The id of the lake that the events went to; null if it has none.</summary>
    [Id(1)] public string? Lake { get; init; }

    /// <summary>One for each partition of the log.</summary>
    [Id(2)] public LogMark[] Marks { get; init; } = [];

    /// <summary>
    /// Records of earlier builds have no header: they count as the bank's if their time is not later than this. The time is long past for a
    /// bank that never ran an earlier build.
    /// </summary>
    [Id(3)] public DateTimeOffset UnsignedUntil { get; init; }

    /// <summary>How far the log's partitions reached when storage last looked: a log that ends sooner has lost its end.</summary>
    [Id(4)] public LogEnd[] Ends { get; init; } = [];

    /// <summary>The names of lake chains that get nothing more; storage has all of the bank's events in them.</summary>
    [Id(5)] public string[] ClosedChains { get; init; } = [];
}

/// <summary>How far a partition of a log reached.</summary>
/// <param name="Log">The log's id.</param>
/// <param name="Next">The offset after its last record.</param>
[GenerateSerializer, Immutable, Alias("banking.log-end")]
public sealed record LogEnd([property: Id(0)] string Log, [property: Id(1)] int Partition, [property: Id(2)] long Next);

/// <summary>A record of the log, noted when storage had all of the bank's events up to it.</summary>
/// <param name="Log">The log's id.</param>
/// <param name="Timestamp">When the log took it, in Unix milliseconds.</param>
/// <param name="Hash">64 bits of the SHA-256 of its value.</param>
[GenerateSerializer, Immutable, Alias("banking.log-mark")]
public sealed record LogMark(
    [property: Id(0)] string Log,
    [property: Id(1)] int Partition,
    [property: Id(2)] long Offset,
    [property: Id(3)] long Timestamp,
    [property: Id(4)] ulong Hash);

/// <summary>
/// What is wrong with one account. It is kept under the account's key beside its state, so that all findings can be listed.
/// </summary>
/// <param name="Reason">A sentence.</param>
/// <param name="IsSetAside">True if the account does nothing; false if only its holder's name is unknown.</param>
[GenerateSerializer, Immutable, Alias("banking.account-finding")]
public sealed record AccountFinding(
    [property: Id(0)] string Reason, [property: Id(1)] bool IsSetAside, [property: Id(2)] DateTimeOffset FoundAt);
