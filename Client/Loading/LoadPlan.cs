namespace Banking.Client.Loading;

/// <summary>What a load is to do.</summary>
/// <param name="Actions">How many actions in total; null to go on until <paramref name="Duration"/> is over.</param>
/// <param name="Prefix">The prefix of the account ids, which are <c>{prefix}-{number}</c>.</param>
/// <param name="Reuse">Whether the accounts may exist from an earlier load: then the bank is asked about them before they are used.</param>
/// <param name="Rate">The most actions per second, over all connections; null for as many as are answered.</param>
internal sealed record LoadPlan(
    int Accounts,
    long? Actions,
    TimeSpan? Duration,
    int Connections,
    int Seed,
    string Prefix,
    bool Reuse,
    bool DepositsOnly,
    TimeSpan GiveUpAfter,
    int? Rate = null)
{
    /// <summary>The number of actions of one connection: the total is divided evenly.</summary>
    public long ShareOf(int connection) => Actions is { } total
        ? (total / Connections) + (connection < total % Connections ? 1 : 0)
        : long.MaxValue;

    /// <summary>The time from one action of a connection to its next; zero for no pause.</summary>
    public TimeSpan Interval => Rate is { } rate ? TimeSpan.FromSeconds((double)Connections / rate) : TimeSpan.Zero;
}
