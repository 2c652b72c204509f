namespace Banking.Silo.Settings;

/// <summary>How the silo spends its time between SIGTERM and its end.</summary>
public sealed class StopSettings
{
    /// <summary>What the silo's own end, and a metastore's last word, may take besides.</summary>
    private static readonly TimeSpan End = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long requests under way may still take; then their connections are cut off, as a client that dawdles must not take the drain's
    /// time. Zero to a minute.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long bringing everything acknowledged into the lake may take afterwards. 1 s to an hour.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Of the whole stop.</summary>
    internal TimeSpan HostTimeout => RequestTimeout + DrainTimeout + End;

    /// <summary>What is wrong, as a sentence; null if nothing is.</summary>
    internal string? Problem() =>
        RequestTimeout < TimeSpan.Zero
            || RequestTimeout > TimeSpan.FromMinutes(1) ? $"Banking:Stop:RequestTimeout is {RequestTimeout}; it must be zero to one minute."
        : DrainTimeout < TimeSpan.FromSeconds(1)
            || DrainTimeout > TimeSpan.FromHours(1) ? $"Banking:Stop:DrainTimeout is {DrainTimeout}; it must be 1 second to one hour."
        : null;
}
