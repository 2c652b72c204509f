using System.Globalization;
using Banking.Accounts;
using Banking.Client.Loading;
using Banking.Client.Querying;
using Banking.Client.Tests.Banks;
using Banking.Client.Tests.Querying;
using Banking.Client.Tests.Querying.Presto;

namespace Banking.Client.Tests.Verifying;

/// <summary>A bank with some history, a journal of it, and a lake that a test may spoil before it is written.</summary>
internal sealed class AuditedBank : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BankServer _server;

    private AuditedBank(BankServer server) => _server = server;

    public List<BankEvent> Events { get; private set; } = [];

    public string Lake => _folder.File("lake");

    public string JournalPath => _folder.File("journal");

    public SmallBank Bank => _server.Bank;

    public static async Task<AuditedBank> PlayAsync()
    {
        var audited = new AuditedBank(await BankServer.StartAsync());
        audited.Bank.Happened = audited.Events.Add;
        using var journal = new Journal(audited.JournalPath);
        void Act(string account, AccountAction action) => journal.Add(account, action.ActionId, audited.Bank.Perform(account, action));
        foreach (var account in new[] { "alice", "bob", "it's Zoë" })
        {
            var n = 0;
            string Id() => $"{account}-{n++}";
            Act(account, new OpenAccount("Name") { ActionId = Id() });
            Act(account, new Deposit(1_000) { ActionId = Id() });
            Act(account, new BuyAsset("stock_a", 7) { ActionId = Id() });
            Act(account, new SellAsset("stock_a", 3) { ActionId = Id() });
            Act(account, new Withdraw(10.01m) { ActionId = Id() });
            Act(account, new Withdraw(1_000_000) { ActionId = Id() });
        }

        Act("bob", new DeleteAccount("Name") { ActionId = "bob-delete" });
        Act("bob", new OpenAccount("Name") { ActionId = "bob-again" });
        Act("bob", new Deposit(50) { ActionId = "bob-more" });
        Act("bob", new BuyAsset("bond_a", 1) { ActionId = "bob-less" });
        Directory.CreateDirectory(Path.Combine(audited.Lake, "_lake"));
        return audited;
    }

    /// <summary>Has the lake written from <see cref="Events"/> at the flush, and verifies.</summary>
    public Task<CommandRun> VerifyAsync(params string[] more)
    {
        _server.Flush += () => WriteLake(Events);
        return CommandRun.OfAsync(["verify", "--url", _server.Url.ToString(), "--lake", Lake, "--give-up-after", "1s", .. more]);
    }

    /// <summary>The same, and the lake is taken to those tables and read there.</summary>
    public Task<CommandRun> VerifyAsync(HiveTables tables, params string[] more)
    {
        _server.Flush += () =>
        {
            WriteLake(Events);
            tables.ReplaceAsync(Lake).GetAwaiter().GetResult();
        };
        return CommandRun.OfAsync(["verify", "--url", _server.Url.ToString(), "--give-up-after", "1s", .. tables.Options, .. more]);
    }

    public void AtFlush(Action action) => _server.Flush += action;

    public void Change(string account, long sequence, Func<BankEvent, BankEvent> change)
    {
        var index = Events.FindIndex(happened => happened.AccountId == account && happened.Sequence == sequence);
        Events[index] = change(Events[index]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private void WriteLake(IEnumerable<BankEvent> events)
    {
        var lake = new LakeWriter(Lake);
        foreach (var table in events.GroupBy(TableOf)) lake.Write(table.Key, string.Join(" UNION ALL ", table.Select(Row)));
    }

    private static string TableOf(BankEvent happened) => happened.Type switch
    {
        OpenAccount.EventType or DeleteAccount.EventType => LakeViews.AccountStatus,
        BuyAsset.EventType or SellAsset.EventType => LakeViews.AssetTransactions,
        _ => LakeViews.CashTransactions,
    };

    private static string Row(BankEvent happened) => string.Create(CultureInfo.InvariantCulture,
        $"SELECT '{happened.Type}' AS event_type, {Text($"account/{happened.AccountId}/{happened.Sequence}")} AS event_id, "
            + $"{Text(happened.AccountId)} AS account_id, {happened.Sequence}::BIGINT AS sequence_number, {Text(happened.ActionId)} AS "
            + $"action_id, {Text(happened.Asset)} AS asset_name, "
            + $"{happened.Quantity?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}::BIGINT AS quantity, "
            + $"{happened.UnitPrice}::DECIMAL(18,6) AS unit_price, {happened.Amount}::DECIMAL(18,2) AS amount, "
            + $"{happened.CashBalance}::DECIMAL(18,2) AS cash_balance");

    private static string Text(string? text) => text is null ? "NULL::VARCHAR" : LakeViews.Quote(text);
}
