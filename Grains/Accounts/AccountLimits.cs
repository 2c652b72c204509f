namespace Banking.Accounts;

/// <summary>The bounds of accounts and actions. The money bounds are what the tables' DECIMAL(18,2) and DECIMAL(18,6) hold.</summary>
public static class AccountLimits
{
    public const int MaxIdLength = 128;
    public const int MaxNameLength = 256;
    public const int MaxActionIdLength = 128;

    /// <summary>The most money that one action may move.</summary>
    public const decimal MaxAmount = 1_000_000_000_000m;

    /// <summary>The most cash that an account may hold.</summary>
    public const decimal MaxBalance = 9_999_999_999_999_999.99m;

    /// <summary>The most units of one asset that one order may trade and one account may hold.</summary>
    public const long MaxQuantity = 1_000_000_000_000;

    public const decimal MaxUnitPrice = 999_999_999_999.999999m;
}
