namespace Banking.Callers;

/// <summary>
/// Tells calls that came through a gateway. A silo's own calls from outside of grains, as those of its HTTP API, come from a client too,
/// which is part of the silo ("hosted").
/// </summary>
/// <remarks>The protocol lets the sender say who it is: somebody who speaks it by hand may pretend to be a silo.</remarks>
public static class ClientCalls
{
    private static ReadOnlySpan<byte> Hosted => "hosted-"u8;

    /// <param name="source">The sender of a call; null for none.</param>
    public static bool IsFromOutside(GrainId? source) =>
        source is { } sender && sender.IsClient() && !sender.Key.AsSpan().StartsWith(Hosted);
}
