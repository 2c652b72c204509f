namespace Banking.Gate;

/// <summary>
/// The bank answers nobody for now: its storage was not checked against the log yet, or does not belong to it. The message is the sentence
/// for people.
/// </summary>
[GenerateSerializer, Alias("banking.bank-closed-exception")]
public sealed class BankClosedException(string message) : Exception(message);

/// <summary>An account is set aside: what it could tell would be wrong.</summary>
[GenerateSerializer, Alias("banking.account-set-aside-exception")]
public sealed class AccountSetAsideException(string accountId, string reason) : Exception(
    $"The account {accountId} is set aside until it is repaired: {reason}");
