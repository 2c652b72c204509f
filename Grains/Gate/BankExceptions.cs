namespace Banking.Gate;

/// <summary>
/// The bank answers nobody for now: its storage has not been checked against the log yet, or does not belong to it. The message is a
/// sentence for people.
/// </summary>
[GenerateSerializer, Alias("banking.bank-closed-exception")]
public sealed class BankClosedException(string message) : Exception(message);

/// <summary>The account is set aside: any answer it gave could be wrong.</summary>
[GenerateSerializer, Alias("banking.account-set-aside-exception")]
public sealed class AccountSetAsideException(string accountId, string reason) : Exception(
    $"The account {accountId} is set aside until it is repaired: {reason}");
