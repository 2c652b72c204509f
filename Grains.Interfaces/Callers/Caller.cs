namespace Banking.Callers;

/// <summary>
/// On whose behalf a grain is called. It travels in Orleans' request context. A call without one is the bank's own, or the bank asks nobody
/// who they are: it may do everything.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.caller")]
public sealed record Caller([property: Id(0)] CallerId Id, [property: Id(1)] CallerRole Role)
{
    /// <summary>The key of the request context.</summary>
    public const string ContextKey = "banking.caller";

    /// <summary>The key with which the call was made; null if it was made with a token, or through a gateway.</summary>
    [Id(2)] public string? KeyId { get; init; }

    /// <summary>The caller of the call that is running, or of those that are made now; null for the bank itself.</summary>
    public static Caller? Current
    {
        get => RequestContext.Get(ContextKey) as Caller;
        set
        {
            if (value is null) RequestContext.Remove(ContextKey);
            else RequestContext.Set(ContextKey, value);
        }
    }
}

/// <summary>What a caller may do. The numbers go over the wire: never reuse one.</summary>
public enum CallerRole
{
    /// <summary>Opens accounts, and acts on those that it owns.</summary>
    Player = 0,

    /// <summary>A game's server: acts on every account, for its players.</summary>
    Server = 1,

    /// <summary>Runs the bank, and reads every account, but does not act on those of others.</summary>
    Operator = 2,

    /// <summary>Reads the lake.</summary>
    Analyst = 3,
}
