using Banking.Repair;

namespace Banking.Silo.Http.V1;

/// <summary>Example bodies for the OpenAPI document.</summary>
internal static class Examples
{
    public const string AccountId = "tpeters";
    public const string AssetName = "stock_a";
    public const string Key = "0199f3e2-7a51-7c42-b7a1-0d5f6f1c2a3b";

    private static readonly DateTime Time = new(2026, 3, 14, 15, 9, 26, 535, DateTimeKind.Utc);

    public static readonly OpenAccountRequest Opening = new(AccountId, "Tom Peters");

    public static readonly MoneyRequest Amount = new(new NumberText("12.5"));

    public static readonly OrderRequest Order = new(AssetName, new NumberText("10"), new NumberText("9.75"));

    public static readonly OwnerRequest Owner = new("https://id.example.com", "248289761001");

    public static readonly NewKeyRequest NewKey = new("match server 3", "server", Time.AddYears(1));

    public static readonly NewKeyReply MadeKey = new(
        "5f0c1d2e3b4a", "match server 3", "server", Time.AddYears(1), "bk_5f0c1d2e3b4a_Xf3v0p0Zk1yqzJt5mW8gqv4m0u2mXH3J1rjK9cQm1aE");

    public static readonly KeyReply OneKey = new(
        "5f0c1d2e3b4a", "match server 3", "server", Time, Time.AddYears(1), "https://id.example.com 248289761001");

    public static readonly KeysReply Keys = new([OneKey]);

    public static readonly StatementReply Statement = new(
        AccountId,
        "Tom Peters",
        199.99m,
        200.00m,
        Time,
        [new("cash", "cash", 109.68m, 109.68m, Time, 109.68m), new(AssetName, "stock", 10m, 90.32m, Time, 90.31m)]);

    public static readonly LedgerReply Ledger = new(
        AccountId, true, 4, 109.68m, 212.50m, 12.50m, 90.32m, 0.00m, new Dictionary<string, long> { [AssetName] = 10 }, 0);

    public static readonly LedgerPage Ledgers = new([Ledger], null);

    public static readonly AssetReply Asset = new(AssetName, "stock", 9.031250m, Time, false, true);

    public static readonly AssetReply[] Assets = [Asset];

    public static readonly FlushReply Flushed = new([new(0, 1041), new(1, 977)]);

    public static readonly CompactionReply Compaction = new(
        "5b0c2f4e", "running", false, 1.25, 3, 1, "cash_transactions of 2026-03-13", 120_000, 1, 412, 2, 18_400_000, 9_100_000, 81_000, 0,
        [], null);

    public static readonly RepairReply Repair = new(
        false,
        [
            new RepairFinding(
                "log1-p003", "The log lacks the offsets 17 to 21.", "The lake has their rows: a repair goes on behind them.", true, false),
        ]);

    /// <summary>The reply to an action that was done.</summary>
    public static ActionReply Done(long sequence, decimal amount, decimal cash, decimal? price = null) =>
        new("done", sequence, Time, amount, cash, price);
}
