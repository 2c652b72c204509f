using System.Globalization;

namespace Banking.Accounts;

/// <summary>Money that is paid in or out.</summary>
internal static class Cash
{
    /// <summary>Makes 5.0000 into 5.00: otherwise the digits beyond the cents would stay in balances and events for ever.</summary>
    public static decimal Cents(decimal amount) => decimal.Round(amount, 2);

    public static EventFacts FactsOf(string accountId, decimal asked, in Posting posting) =>
        new($"{accountId} {TextOf(asked)}") { Amount = posting.Amount };

    /// <summary>Money as the old pipeline wrote it: at least one digit after the point (200.0, 12.5, 0.01).</summary>
    public static string TextOf(decimal amount) => amount.ToString("0.0#", CultureInfo.InvariantCulture);
}
