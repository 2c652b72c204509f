using System.Globalization;

namespace Banking.Callers;

/// <summary>
/// The bank's own keys, for game servers and tools. There is one: <see cref="Key"/>. Only silos may call it, not Orleans clients. Each silo
/// has a copy of the keys that is at most five seconds old.
/// </summary>
[Alias("banking.key-ring")]
public interface IKeyRingGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the only one.</summary>
    const long Key = 0;

    /// <summary>The most keys that there can be.</summary>
    const int MaxKeys = 1_000;

    /// <summary>Adds a key; it counts when this returns.</summary>
    /// <returns>False if there are <see cref="MaxKeys"/> already.</returns>
    /// <exception cref="ArgumentException">The key is malformed, or its id is taken.</exception>
    [Alias("add")]
    Task<bool> Add(ApiKey key);

    /// <summary>Takes a key away. Every silo refuses it five seconds after this returns, at the latest.</summary>
    /// <returns>False if there is no such key.</returns>
    [Alias("revoke")]
    Task<bool> Revoke(string id);

    /// <summary>The keys, in the order in which they were added, also those that have expired.</summary>
    [Alias("list")]
    Task<IReadOnlyList<ApiKey>> List();
}

/// <summary>A key as the bank keeps it: without the secret, of which it has only the hash.</summary>
/// <param name="Id">The part of the key that is no secret: <see cref="IdLength"/> characters of <c>0-9</c> and <c>a-f</c>.</param>
/// <param name="Name">What people call it: 1 to 100 characters.</param>
/// <param name="Hash">The SHA-256 of the whole key, in 64 hexadecimal digits.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="CreatedBy">Who made it.</param>
[GenerateSerializer, Immutable, Alias("banking.api-key")]
public sealed record ApiKey(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] CallerRole Role,
    [property: Id(3)] string Hash,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] DateTimeOffset? ExpiresAt,
    [property: Id(6)] CallerId? CreatedBy)
{
    public const int IdLength = 12;

    public const int MaxNameLength = 100;

    /// <summary>A sentence about what is malformed; null if nothing is.</summary>
    public string? Problem() =>
        Id is not { Length: IdLength } ? $"A key's id has {IdLength.ToString(CultureInfo.InvariantCulture)} characters."
        : !CallerId.IsSubject(Name) || Name.Length > MaxNameLength
            ? "A key's name has 1 to 100 characters, none of them control characters."
        : !Enum.IsDefined(Role) ? "A key's role is player, server, operator or analyst."
        : Hash is not { Length: 64 } ? "A key's hash has 64 hexadecimal digits."
        : null;
}
