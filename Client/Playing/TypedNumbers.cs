using System.Globalization;

namespace Banking.Client.Playing;

/// <summary>
/// Numbers as a person types them: digits, and nothing that only programs write, such as <c>1e3</c> or <c>0x10</c>. What they may be is
/// the bank's to say. Pure.
/// </summary>
internal static class TypedNumbers
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    public static bool TryAmount(string text, out decimal amount) =>
        decimal.TryParse(text, Whole | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount);

    public static bool TryQuantity(string text, out long quantity) =>
        long.TryParse(text, Whole, CultureInfo.InvariantCulture, out quantity);
}
