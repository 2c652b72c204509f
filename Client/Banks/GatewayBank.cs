using Banking.Accounts;
using Banking.Markets;

namespace Banking.Client.Banks;

/// <summary>One line to the bank's grains.</summary>
/// <param name="client">What connects <paramref name="grains"/>; null if somebody else takes care of that.</param>
internal sealed class GatewayBank(IGrainFactory grains, GatewayClient? client = null) : IBank
{
    private string _accountId = "";
    private IAccountGrain? _account;

    public async ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
    {
        var result = await CallAsync(() => AccountOf(accountId).Perform(action), cancellationToken);
        return new BankAnswer(result.Code, result.SequenceNumber, result.Amount, result.CashBalance, result.UnitPrice, result.Replayed);
    }

    public async ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken) =>
        await CallAsync(() => AccountOf(accountId).GetStatement(null), cancellationToken);

    public async ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken)
    {
        var quotes = await CallAsync(() => grains.GetGrain<IPriceBoardGrain>(0).GetPrices(null), cancellationToken);
        return [.. quotes.Select(quote => new AssetPrice(quote.AssetName, quote.AssetType, quote.UnitPrice, quote.AsOf, quote.Halted,
            quote.Tradable))];
    }

    public override string ToString() => client?.ToString() ?? "the gateway";

    public void Dispose()
    {
        // The connection belongs to the connector.
    }

    // A grain's key is used as it is; the HTTP routes turn ids in any of Unicode's forms into the normal form.
    private IAccountGrain AccountOf(string accountId)
    {
        if (_account is null || accountId != _accountId)
            (_account, _accountId) = (grains.GetGrain<IAccountGrain>(NormalForm.Of(accountId)), accountId);
        return _account;
    }

    private async ValueTask<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        if (client is { Connected.IsCompletedSuccessfully: false })
            throw new BankUnavailableException(
                $"The gateway {client} can't be reached: {client.LastFailure?.Message ?? "it has not answered yet."}");
        try
        {
            return await call().WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A grain's refusals are results. Whatever is thrown, by the runtime or by a failed write, leaves the outcome unknown.
            throw new BankUnavailableException($"The bank can't act: {failure.Message}", null, failure);
        }
    }
}
