using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
namespace Banking.Callers;

/// <summary>
/// A key as its holder has it: <c>bk_</c>, an id that is no secret, <c>_</c>, and 256 random bits in base64url. The bank keeps only its
/// hash. Pure, except for the randomness of new ones.
/// </summary>
public static class KeyText
{
    public const string Prefix = "bk_";

    private const int SecretLength = 43;
    private const int Length = 3 + ApiKey.IdLength + 1 + SecretLength;

    public static bool IsLikeKey(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    public static string New()
    {
        var id = RandomNumberGenerator.GetHexString(ApiKey.IdLength, lowercase: true);
        return $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
    }

    /// <summary>The id; null if the text does not have a key's form.</summary>
    public static string? IdOf(string text) =>
        text.Length == Length && IsLikeKey(text) && text[Prefix.Length + ApiKey.IdLength] == '_'
            ? text.Substring(Prefix.Length, ApiKey.IdLength)
            : null;

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
