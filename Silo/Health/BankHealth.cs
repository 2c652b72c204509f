using Banking.Gate;
using Banking.Markets;
using Banking.Recovery;

namespace Banking.Silo.Health;

/// <summary>
/// Whether storage has passed the comparison with the log. Until it has, nobody may act. If it can't be compared, or if only some accounts
/// are set aside, the others may act.
/// </summary>
internal sealed class BankHealth(BankGate gate, TimeProvider time) : IHealthPart
{
    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var status = gate.Status;
        IReadOnlyList<Finding> found = status.Stage switch
        {
            BankStage.Checked when status.Sentence is null => [],
            BankStage.Checked or BankStage.Unchecked =>
                [Of(status.Sentence ?? "The database was not compared with the log yet.", isCritical: false)],
            _ => [Of(status.Sentence ?? "The database is being compared with the log.", isCritical: true)],
        };
        return Task.FromResult(found);
    }

    private Finding Of(string sentence, bool isCritical) => new("bank", sentence, isCritical, time.GetUtcNow());
}

/// <summary>Whether the configured assets are listed: before that, nobody can trade.</summary>
internal sealed class MarketsHealth(InitialMarkets markets, TimeProvider time) : IHealthPart
{
    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
        markets.Done.IsCompletedSuccessfully
            ? []
            : [new Finding("markets", "The markets are not open yet.", IsCritical: true, time.GetUtcNow())]);
}
