namespace Banking.Client.Loading;

/// <summary>What a load is to do.</summary>
/// <param name="Actions">How many in all; null to go on until <paramref name="Duration"/> is over.</param>
/// <param name="Prefix">Of the account ids, which are <c>{prefix}-{number}</c>.</param>
/// <param name="Reuse">The accounts may exist from an earlier load: ask before using them.</param>
/// <param name="Rate">The most actions a second, of all connections together; null for as many as are answered.</param>
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
    /// <summary>The actions of one connection: the total is shared out evenly.</summary>
    public long ShareOf(int connection) => Actions is { } total
        ? (total / Connections) + (connection < total % Connections ? 1 : 0)
        : long.MaxValue;

    /// <summary>From one action of a connection to its next; zero for at once.</summary>
    public TimeSpan Interval => Rate is { } rate ? TimeSpan.FromSeconds((double)Connections / rate) : TimeSpan.Zero;
}
