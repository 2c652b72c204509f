using System.Text;

namespace Banking.Callers;

/// <summary>
/// Who somebody is: a subject as its issuer knows it. The issuer is an OpenID Connect provider's URL, or <see cref="Keys"/> for a key of
/// the bank's own. Two are the same only if both texts are, letter by letter.
/// </summary>
/// <param name="Issuer">1 to 256 visible ASCII characters.</param>
/// <param name="Subject">1 to 256 characters without control characters.</param>
[GenerateSerializer, Immutable, Alias("banking.caller-id")]
public sealed record CallerId([property: Id(0)] string Issuer, [property: Id(1)] string Subject)
{
    /// <summary>The issuer of the bank's own keys; the subject is the key's id.</summary>
    public const string Keys = "banking:keys";

    /// <summary>The issuer of Orleans clients that don't say for whom they act; the subject is the client's id.</summary>
    public const string Gateway = "banking:gateway";

    /// <summary>The most characters of an issuer, and of a subject.</summary>
    public const int MaxLength = 256;

    public static bool IsIssuer(string? issuer) =>
        issuer is { Length: > 0 and <= MaxLength } && !issuer.AsSpan().ContainsAnyExceptInRange('!', '~');

    public static bool IsSubject(string? subject)
    {
        if (string.IsNullOrWhiteSpace(subject) || subject.Length > MaxLength) return false;
        for (var i = 0; i < subject.Length;)
        {
            if (!Rune.TryGetRuneAt(subject, i, out var rune) || Rune.IsControl(rune)) return false;
            i += rune.Utf16SequenceLength;
        }

        return true;
    }

    /// <summary>Issuer, space, subject, in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Issuer} {Subject}");

    /// <summary>Reads what <see cref="ToBytes"/> writes; null for anything else.</summary>
    public static CallerId? Parse(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return null;
        var (issuer, subject) = (text[..space], text[(space + 1)..]);
        return IsIssuer(issuer) && IsSubject(subject) ? new CallerId(issuer, subject) : null;
    }
}
