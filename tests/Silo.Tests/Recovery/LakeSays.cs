using Banking.Lake;

namespace Banking.Silo.Tests.Recovery;

/// <summary>A lake that says what a test wants it to.</summary>
internal sealed class LakeSays : ILakeEvidence
{
    public Func<CancellationToken, Task<string?>> Answer { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>How far it has other logs; null while it can't be read.</summary>
    public long? End { get; set; } = 0;

    /// <summary>How often it was asked for that.</summary>
    public int Asked { get; private set; }

    public Task<string?> FindContradictionAsync(CancellationToken cancellationToken) => Answer(cancellationToken);

    public Task<long> FindEndAsync(string log, int partition, CancellationToken cancellationToken)
    {
        Asked++;
        return End is { } end ? Task.FromResult(end) : Task.FromException<long>(new IOException("The lake is away."));
    }

    public Task<IReadOnlyList<string>> FindClosedChainsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);
}
