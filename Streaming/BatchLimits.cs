namespace Banking.Streaming;

/// <param name="Records">The most records of one batch.</param>
/// <param name="Bytes">A batch ends with the record that reaches this.</param>
internal readonly record struct BatchLimits(int Records, long Bytes)
{
    /// <summary>Makes each record a batch by itself.</summary>
    public static readonly BatchLimits One = new(1, long.MaxValue);
}
