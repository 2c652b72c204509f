using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// Opens lines to a cluster in this process. When <paramref name="closing"/> fires, no line takes a new action; one that is under way is
/// asked until it is answered.
/// </summary>
internal sealed class ClusterBank(IGrainFactory grains, CancellationToken closing) : IBankConnector
{
    public IBank Open() => new Line(new GatewayBank(grains), closing);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Line(GatewayBank bank, CancellationToken closing) : IBank
    {
        private string _actionId = "";

        public ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
        {
            if (action.ActionId != _actionId) closing.ThrowIfCancellationRequested();
            _actionId = action.ActionId;
            return bank.PerformAsync(accountId, action, cancellationToken);
        }

        public ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken) =>
            bank.GetStatementAsync(accountId, cancellationToken);

        public ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken) =>
            bank.GetPricesAsync(cancellationToken);

        public void Dispose() => bank.Dispose();
    }
}
