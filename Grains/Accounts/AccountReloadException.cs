namespace Banking.Accounts;

/// <summary>
/// An account could not make its state durable, so whether the action happened is unknown. The account loads itself again: retry with the
/// same action id.
/// </summary>
[GenerateSerializer, Alias("banking.account-reload-exception")]
public sealed class AccountReloadException : Exception
{
    public AccountReloadException(Exception cause)
        : base($"The account's state could not be written: {cause.Message} Retry with the same action id.", cause)
    {
    }

    public AccountReloadException(string message)
        : base(message)
    {
    }
}
