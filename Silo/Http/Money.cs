namespace Banking.Silo.Http;

/// <summary>
/// The same value is always the same text, so that a replayed reply equals the first one: decimals keep the zeros that they are made with.
/// </summary>
internal static class Money
{
    public static decimal Cents(decimal amount) => amount + 0.00m;

    public static decimal Price(decimal price) => price + 0.000000m;
}
