using System.Globalization;
using Banking.Client.Querying;

namespace Banking.Client.Statements;

/// <summary>The newest events of an account, and what the account has after all of its events. Pure.</summary>
/// <param name="last">How many events are kept.</param>
internal sealed class AccountStatement(int last)
{
    private readonly Queue<StatementLine> _newest = [];
    private readonly SortedDictionary<string, long> _holdings = new(StringComparer.Ordinal);

    /// <summary>How many events there were.</summary>
    public int Events { get; private set; }

    public decimal Cash { get; private set; }

    public IReadOnlyCollection<StatementLine> Newest => _newest;

    public IReadOnlyDictionary<string, long> Holdings => _holdings;

    /// <summary>Selects all events of an account, oldest first, with either engine.</summary>
    public static string Sql(string account)
    {
        const string Columns = "sequence_number, occurred_at, event_type, asset_name, quantity, amount, cash_balance";
        string[] tables = [LakeViews.AccountStatus, LakeViews.CashTransactions, LakeViews.AssetTransactions];
        var each = tables.Select(table => $"select {Columns} from {table} where account_id = {LakeViews.Quote(account)}");
        return $"select {Columns} from ({string.Join(" union all ", each)}) events order by sequence_number";
    }

    /// <param name="row">A row of <see cref="Sql"/>.</param>
    public void Add(string[] row)
    {
        var (time, type, asset, quantity, amount) = (row[1], row[2], row[3], row[4], row[5]);
        if (row[6].Length > 0) Cash = decimal.Parse(row[6], CultureInfo.InvariantCulture);
        Events++;
        Hold(type, asset, quantity);
        var units = asset.Length == 0 ? "" : $"{quantity} {asset} ";
        _newest.Enqueue(new StatementLine(time, $"{type.Replace('_', ' ')} {units}{amount}".TrimEnd(), Cash));
        if (_newest.Count > last) _newest.Dequeue();
    }

    private void Hold(string type, string asset, string quantity)
    {
        if (type == "delete_account") _holdings.Clear();
        if (asset.Length == 0) return;
        var units = long.Parse(quantity, CultureInfo.InvariantCulture);
        var held = _holdings.GetValueOrDefault(asset) + (type == "sell_asset" ? -units : units);
        if (held == 0) _holdings.Remove(asset);
        else _holdings[asset] = held;
    }
}

/// <param name="What">The event in words.</param>
/// <param name="Cash">The account's cash after the event.</param>
internal sealed record StatementLine(string Time, string What, decimal Cash);
