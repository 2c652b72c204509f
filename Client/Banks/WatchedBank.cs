using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>A line to the bank whose questions are watched.</summary>
/// <param name="bank">Disposed with this.</param>
internal sealed class WatchedBank(IBank bank, AnswerWatch watch) : IBank
{
    public long Retries => bank.Retries;

    public ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken) =>
        watch.AskAsync(() => bank.PerformAsync(accountId, action, cancellationToken));

    public ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken) =>
        watch.AskAsync(() => bank.GetStatementAsync(accountId, cancellationToken));

    public ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken) =>
        watch.AskAsync(() => bank.GetPricesAsync(cancellationToken));

    public void Dispose() => bank.Dispose();
}
