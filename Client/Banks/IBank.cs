using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>
/// One player's line to the bank, over HTTP or through the Orleans gateway. Not safe for concurrent use: each player opens its own.
/// </summary>
internal interface IBank : IDisposable
{
    /// <summary>How often this line has asked again elsewhere by itself.</summary>
    long Retries => 0;

    /// <summary>Asks once; a line to several silos asks each of them once.</summary>
    /// <exception cref="BankUnavailableException">The outcome is unknown, or the bank can't act now: ask again with the same
    /// id.</exception>
    /// <exception cref="WrongAnswerException">The answer does not follow the bank's contract.</exception>
    ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken);

    /// <summary>The account's statement; null if there is no such open account.</summary>
    /// <exception cref="BankUnavailableException">The bank can't answer now.</exception>
    ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken);

    /// <exception cref="BankUnavailableException">The bank can't answer now.</exception>
    ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken);
}

/// <summary>Opens lines to one bank; safe for concurrent use.</summary>
internal interface IBankConnector : IAsyncDisposable
{
    IBank Open();
}

internal sealed record AssetPrice(string AssetName, string AssetType, decimal Price, DateTimeOffset AsOf, bool Halted, bool Tradable);

/// <summary>The bank could not be reached, broke off, or said that it can't act now.</summary>
internal sealed class BankUnavailableException(string sentence, TimeSpan? retryAfter = null, Exception? cause = null)
    : Exception(sentence, cause)
{
    /// <summary>How long the bank asks callers to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>The bank broke its contract.</summary>
internal sealed class WrongAnswerException(string sentence) : Exception(sentence);
