using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>The names of action codes in the HTTP API: snake_case, such as <c>cash_short</c>.</summary>
internal static class ActionCodes
{
    private const int LongestName = 64;

    private static readonly FrozenDictionary<string, ActionCode> ByName =
        Enum.GetValues<ActionCode>().ToFrozenDictionary(code => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()));

    private static readonly FrozenDictionary<ActionCode, string> Names = ByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    private static readonly FrozenDictionary<string, ActionCode>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    public static string NameOf(ActionCode code) => Names[code];

    public static bool TryParse(ReadOnlySpan<byte> name, out ActionCode code)
    {
        code = default;
        if (name.Length > LongestName) return false;
        Span<char> text = stackalloc char[LongestName];
        return Encoding.UTF8.TryGetChars(name, text, out var length) && BySpan.TryGetValue(text[..length], out code);
    }
}
