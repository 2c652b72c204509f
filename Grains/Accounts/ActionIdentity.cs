using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Banking.Accounts;

/// <summary>
/// What tells two actions apart: 128 bits of the SHA-256 of the id, 64 bits of that of the content, and the time that a UUIDv7 carries.
/// </summary>
public readonly record struct ActionIdentity(ulong IdLow, ulong IdHigh, ulong Fingerprint, long IssuedAt)
{
    /// <summary>
    /// How far, in milliseconds, a client's clock may be ahead of the account's before the time in its ids no longer counts.
    /// </summary>
    internal const long MaxClockLead = 10_000;

    /// <summary>
    /// The fingerprint of an action that was taken in from its event, which does not tell everything that was asked for. Any action with
    /// the same id is taken for the same action.
    /// </summary>
    public const ulong UnknownFingerprint = 0;

    [ThreadStatic]
    private static IncrementalHash? _sha;

    public static ActionIdentity Of(AccountAction action) =>
        OfUnknown(action.ActionId) with { Fingerprint = Hash(ActionBook.RulesOf(action).ContentOf(action)).Low };

    /// <summary>The identity of an action of which only the id is known.</summary>
    public static ActionIdentity OfUnknown(string? actionId)
    {
        // The form of an action is checked later, so a null from a client can come this far.
        var (low, high) = Hash(actionId ?? "");
        return new(low, high, UnknownFingerprint, IssuedAtOf(actionId));
    }

    /// <summary>The id's time; 0 if it carries none, or one so far ahead that the client's clock can't be right.</summary>
    public long TimeAsOf(DateTimeOffset now) => IssuedAt <= now.ToUnixTimeMilliseconds() + MaxClockLead ? IssuedAt : 0;

    /// <summary>The milliseconds since 1970 in a UUIDv7 (RFC 9562, section 5.7); 0 for any other id.</summary>
    public static long IssuedAtOf(string? actionId)
    {
        if (!Guid.TryParseExact(actionId, "D", out var guid) || guid.Version != 7) return 0;
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }

    private static (ulong Low, ulong High) Hash(string text)
    {
        Span<byte> small = stackalloc byte[512];
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= small.Length
            ? small[..Encoding.UTF8.GetBytes(text, small)]
            : Encoding.UTF8.GetBytes(text);

        // Created once: the one-shot call looks its algorithm up in OpenSSL each time, which costs more than the hash.
        var sha = _sha ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }
}
