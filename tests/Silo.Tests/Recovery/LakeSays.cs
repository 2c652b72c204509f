using Banking.Lake;

namespace Banking.Silo.Tests.Recovery;

/// <summary>A lake that says what a test wants it to.</summary>
internal sealed class LakeSays : ILakeEvidence
{
    public Func<CancellationToken, Task<string?>> Answer { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>How far it has other logs.</summary>
    public long End { get; set; }

    public Task<string?> FindContradictionAsync(CancellationToken cancellationToken) => Answer(cancellationToken);

    public Task<long> FindEndAsync(string log, int partition, CancellationToken cancellationToken) => Task.FromResult(End);
}
