namespace Banking.Callers;

/// <summary>
/// Orleans clients may call this grain, or this method of it, through a gateway. All other grains are the bank's own, and refuse them.
/// </summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Method)]
public sealed class ForClientsAttribute : Attribute
{
    /// <summary>Where callers are asked who they are, only for a client that calls as an operator.</summary>
    public bool OperatorsOnly { get; init; }
}
