using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Banking.Silo.Callers;

/// <summary>
/// Tokens that were found good, by their hashes, until they end. It is bounded: what was not asked for while a generation filled up is
/// forgotten, and checked again when it comes. Thread-safe.
/// </summary>
/// <param name="size">The most tokens of a generation; there are two.</param>
internal sealed class TokenCache(int size = 8_192)
{
    private volatile ConcurrentDictionary<Hash, GoodBearer> _young = new();
    private volatile ConcurrentDictionary<Hash, GoodBearer> _old = new();

    /// <summary>Null if it is not known, or has ended.</summary>
    public GoodBearer? Find(string token, DateTimeOffset now)
    {
        var hash = Hash.Of(token);
        if (!_young.TryGetValue(hash, out var good))
        {
            if (!_old.TryGetValue(hash, out good)) return null;
            Keep(hash, good);
        }

        return now < good.EndsAt ? good : null;
    }

    public void Add(string token, GoodBearer good) => Keep(Hash.Of(token), good);

    /// <summary>Forgets all: the keys that they were checked with are not the provider's any more.</summary>
    public void Clear() => (_young, _old) = (new(), new());

    private void Keep(Hash hash, GoodBearer good)
    {
        var young = _young;
        if (young.Count >= size) (_old, _young) = (young, young = new());
        young[hash] = good;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Hash(UInt128 High, UInt128 Low)
    {
        public static Hash Of(string token)
        {
            Span<byte> bytes = stackalloc byte[TokenCheck.MaxSize];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);
            return new(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
        }
    }
}
