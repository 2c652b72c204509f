namespace Banking.Client.Tests.Querying.Presto;

/// <summary>A lake twice: its files in a folder of this machine, and as tables over a real HDFS.</summary>
public sealed class TwoLakes : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private HiveTables? _hive;

    public string Folder => _folder.Path;

    /// <summary>What the client needs to ask Presto for the other one.</summary>
    public IReadOnlyList<string> Options => _hive!.Options;

    /// <summary>Makes them for the first test: without a server, that test is skipped.</summary>
    public async Task OpenAsync()
    {
        if (_hive is not null) return;
        _hive = await HiveTables.CreateAsync();
        var lake = new LakeWriter(_folder.Path);
        lake.Write(
            "cash_transactions", Cash("make_deposit", "tpeters 200.0", "tpeters", 1, "200.00", "200.00", "01:02:03.004"),
            day: "2026-11-23");
        lake.Write("cash_transactions", Cash("make_withdrawal", "tpeters 0.01", "tpeters", 2, "0.01", "199.99", "01:02:03.450"));
        lake.Write(
            "cash_transactions",
            Cash(
                "make_deposit", "it''s Zoë 9999999999999999.99", "it''s Zoë", 1, "9999999999999999.99", "9999999999999999.99", "00:00:00"));
        lake.Write(
            "cash_transactions",
            "SELECT 'make_deposit' AS event_type, 'old 12.5' AS description, '{}' AS raw_event, 12::INTEGER AS content_length",
            day: "2026-11-22");
        lake.Write(
            "asset_transactions",
            "SELECT 'buy_asset' AS event_type, 'stock_a 10' AS description, 10::BIGINT AS quantity, 9.123456::DECIMAL(18,6) AS "
                + "unit_price, 91.24::DECIMAL(18,2) AS amount");
        lake.Write("asset_prices", "SELECT 'return_asset_price' AS event_type, 'stock_a' AS description");
        lake.Write("account_status", "SELECT 'open_account' AS event_type, 'tpeters' AS description");
        lake.Write(TypedTable.Name, TypedTable.Select());
        await _hive.CreateAsync(TypedTable.Name, TypedTable.Columns);
        await _hive.CopyAsync(_folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (_hive is not null) await _hive.DisposeAsync();
    }

    private static string Cash(string type, string description, string account, int sequence, string amount, string balance, string time) =>
        $$"""
        SELECT '{{type}}' AS event_type, '{{description}}' AS description, '{"event_type":"{{type}}"}' AS raw_event, '*/*' AS accept,
        35::INTEGER AS content_length,
        'account/{{account}}/{{sequence}}' AS event_id, '{{account}}' AS account_id, {{sequence}}::BIGINT AS sequence_number,
        'a-{{sequence}}' AS action_id,
        '2026-11-24 {{time}}'::TIMESTAMP_MS AS occurred_at, {{amount}}::DECIMAL(18,2) AS amount, {{balance}}::DECIMAL(18,2) AS cash_balance,
        3::INTEGER AS log_partition, {{sequence}}::BIGINT AS log_offset
        """;
}
