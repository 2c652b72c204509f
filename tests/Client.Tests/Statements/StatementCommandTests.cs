using Banking.Client.Terminals;
using Banking.Client.Tests.Querying;

namespace Banking.Client.Tests.Statements;

/// <summary>What <c>banking statement</c> draws of a lake.</summary>
public sealed class StatementCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StatementCommandTests()
    {
        var lake = new LakeWriter(_folder.Path);
        lake.Write("account_status", Row(1, "open_account", "NULL", "NULL", "NULL", "0.00"));
        lake.Write(
            "cash_transactions",
            $"{Row(2, "make_deposit", "NULL", "NULL", "200.00", "200.00")} UNION ALL "
            + $"{Row(1, "make_deposit", "NULL", "NULL", "7.00", "7.00", "other")}");
        lake.Write(
            "asset_transactions",
            $"{Row(3, "buy_asset", "'stock_a'", "10", "99.79", "100.21")} UNION ALL "
            + $"{Row(4, "sell_asset", "'stock_a'", "4", "39.90", "140.11")}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Statement_OfAnAccount_DrawsABarForTheCashAfterEachEvent()
    {
        var run = await CommandRun.OfAsync("statement", "ann", "--lake", _folder.Path);

        Assert.Equal(0, run.ExitCode);
        var lines = run.Out.TrimEnd('\n').Split('\n');
        Assert.Equal("ann: 4 events, and the cash after each", lines[0]);
        Assert.Equal("2026-11-24T10:00:01  open account                  0.00", lines[1].TrimEnd());
        Assert.Equal("2026-11-24T10:00:02  make deposit 200.00         200.00  " + Bar(43), lines[2].TrimEnd());
        Assert.Equal("2026-11-24T10:00:03  buy asset 10 stock_a 99.79  100.21  " + Bar(22), lines[3].TrimEnd());
        Assert.Equal("2026-11-24T10:00:04  sell asset 4 stock_a 39.90  140.11  " + Bar(30), lines[4].TrimEnd());
        Assert.Equal("Now: 140.11 in cash, 6 stock_a", lines[5]);
    }

    [Fact]
    public async Task Statement_OfMoreEventsThanAreAskedFor_SaysHowManyThereWere()
    {
        var run = await CommandRun.OfAsync("statement", "ann", "--lake", _folder.Path, "--last", "2");

        Assert.StartsWith("ann: the newest 2 of 4 events, and the cash after each\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("make deposit", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("Now: 140.11 in cash, 6 stock_a\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_OfAnAccountThatTheLakeDoesNotKnow_SaysSo()
    {
        var run = await CommandRun.OfAsync("statement", "o'hara\u001b", "--lake", _folder.Path);

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.StartsWith("The lake has no event of an account 'o'hara\\u001B'.", run.Error, StringComparison.Ordinal);
    }

    private static string Bar(int cells) => new('█', cells);

    private static string Row(int number, string type, string asset, string quantity, string amount, string cash, string account = "ann") =>
        $"SELECT '{account}' AS account_id, {number}::BIGINT AS sequence_number, "
        + $"TIMESTAMP '2026-11-24 10:00:0{number}' AS occurred_at, '{type}' AS event_type, "
        + $"{asset}::VARCHAR AS asset_name, {quantity}::BIGINT AS quantity, "
        + $"{amount}::DECIMAL(18,2) AS amount, {cash}::DECIMAL(18,2) AS cash_balance";
}
