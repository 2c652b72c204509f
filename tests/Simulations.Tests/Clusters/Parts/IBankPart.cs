namespace Banking.Simulations.Tests.Clusters.Parts;

[Flags]
internal enum BankParts
{
    None = 0,
    Database = 1,
    Log = 2,
    Lake = 4,
    All = Database | Log | Lake,
}

/// <summary>A part of a bank that outlives its silos. It is saved and put back while none of them runs.</summary>
internal interface IBankPart : IAsyncDisposable
{
    /// <summary>Has a silo use it.</summary>
    void Configure(IDictionary<string, string?> settings);

    /// <summary>Keeps what it has now as a copy, which gets this number.</summary>
    Task Save(int copy);

    /// <summary>What it has goes, and what the copy has takes its place.</summary>
    Task PutBack(int copy);
}

internal interface ILogPart : IBankPart
{
    /// <summary>Whether a copy that is put back is another log, and not the same one with a lost end.</summary>
    bool BecomesAnother { get; }

    /// <summary>How far a copy goes, by partition.</summary>
    Task<long[]> ReadEnds(int copy, CancellationToken cancellationToken);
}

internal interface ILakePart : IBankPart
{
    /// <returns>A folder of this machine with all that the lake has now.</returns>
    Task<string> Read();
}
