namespace Banking.Silo.Settings;

/// <summary>
/// How much the HTTP API takes. A player never meets these bounds, nor does whoever calls from this machine without showing who they are.
/// </summary>
internal sealed class HttpLimits
{
    private const int MaxRate = 1_000_000;

    /// <summary>The requests a second of one subject, which is a player or another holder of a token; 0 for any number.</summary>
    public int PerSubject { get; set; } = 50;

    /// <summary>The requests a second with one API key; 0 for any number.</summary>
    public int PerKey { get; set; } = 20_000;

    /// <summary>
    /// The requests a second of one address beyond this machine, or of one IPv6 network of 64 bits; 0 for any number. Many players may
    /// share an address.
    /// </summary>
    public int PerAddress { get; set; } = 1_000;

    /// <summary>How long at these rates a caller may save up, to send all at once. 1 s to a minute.</summary>
    public TimeSpan Burst { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The requests under way at the same time, 1 to 1,000,000.</summary>
    public int UnderWay { get; set; } = 5_000;

    /// <summary>The open connections, 1 to 1,000,000; further ones are closed at once.</summary>
    public int Connections { get; set; } = 10_000;

    /// <summary>How long a client may take to send the headers of a request. 1 s to a minute.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public string? Problem(string section) =>
        PerSubject is < 0 or > MaxRate ? $"{section}:PerSubject must be 0 to {MaxRate}."
        : PerKey is < 0 or > MaxRate ? $"{section}:PerKey must be 0 to {MaxRate}."
        : PerAddress is < 0 or > MaxRate ? $"{section}:PerAddress must be 0 to {MaxRate}."
        : UnderWay is < 1 or > MaxRate ? $"{section}:UnderWay must be 1 to {MaxRate}."
        : Connections is < 1 or > MaxRate ? $"{section}:Connections must be 1 to {MaxRate}."
        : !IsSecondsToAMinute(Burst) ? $"{section}:Burst is {Burst}; it must be 1 second to one minute."
        : !IsSecondsToAMinute(HeadersTimeout) ? $"{section}:HeadersTimeout is {HeadersTimeout}; it must be 1 second to one minute."
        : null;

    private static bool IsSecondsToAMinute(TimeSpan span) => span >= TimeSpan.FromSeconds(1) && span <= TimeSpan.FromMinutes(1);
}
