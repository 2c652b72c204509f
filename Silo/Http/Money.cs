namespace Banking.Silo.Http;

/// <summary>
/// Makes the same value always the same text, so that a replayed reply equals the first one: decimals keep the trailing zeros that they
/// were made with.
/// </summary>
internal static class Money
{
    public static decimal Cents(decimal amount) => amount + 0.00m;

    public static decimal Price(decimal price) => price + 0.000000m;
}
