namespace Banking.Markets;

/// <summary>A quote and how long a silo may trade on it, by the monotonic clock: the wall clock may step while it is held.</summary>
/// <param name="AskedAt">A timestamp of the clock.</param>
internal sealed record TimedQuote(Quote Quote, long AskedAt, TimeSpan Lifetime, TimeProvider Clock)
{
    public bool IsValid => Clock.GetElapsedTime(AskedAt) < Lifetime;

    /// <summary>The quote, valid at a time of the wall clock if it is valid.</summary>
    public Quote At(DateTimeOffset now)
    {
        var rest = Lifetime - Clock.GetElapsedTime(AskedAt);
        if (rest <= TimeSpan.Zero) return Quote with { ValidUntil = now };
        return now < Quote.ValidUntil ? Quote : Quote with { ValidUntil = now + rest };
    }
}
