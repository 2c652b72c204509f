namespace Banking;

/// <summary>The names by which the game's parts find each other.</summary>
public static class GameNames
{
    /// <summary>The grain storage of accounts and markets.</summary>
    public const string Storage = "banking";

    /// <summary>The stream provider, and the log beneath it.</summary>
    public const string Streams = "banking";

    /// <summary>The namespace of the game's streams; a stream's key is its partition's number.</summary>
    public const string Events = "events";

    /// <summary>The name of an account's state in storage.</summary>
    public const string AccountState = "account";

    /// <summary>The grain type of accounts.</summary>
    public const string AccountType = "account";

    /// <summary>The name of the states that say what is wrong with an account: see <see cref="Recovery.AccountFinding"/>.</summary>
    public const string FindingState = "account-finding";

    /// <summary>The name of the bank's own record in storage.</summary>
    public const string BankState = "bank";

    /// <summary>The name of the state that has the bank's keys, and of the grain's type.</summary>
    public const string KeyRingState = "key-ring";
}
