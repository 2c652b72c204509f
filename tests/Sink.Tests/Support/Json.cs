using System.Globalization;
using System.Text;

namespace Banking.Sink.Tests.Support;

/// <summary>Events as producers write them.</summary>
internal static class Json
{
    /// <summary>2026-11-23 12:00:00 UTC.</summary>
    public const long Noon = 1_795_435_200_000;

    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    /// <summary>A deposit with our ids.</summary>
    public static byte[] Deposit(string account, long sequence, decimal amount = 12.5m) => Bytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"event_type":"make_deposit","description":"{{account}} {{amount}}","Host":"user1.comcast.com","User-Agent":"ApacheBench/2.3","Accept":"*/*","Content-Length":"35","Content-Type":"application/json","event_id":"account/{{account}}/{{sequence}}","account_id":"{{account}}","sequence_number":{{sequence}},"action_id":"a-{{sequence}}","occurred_at":"2026-11-23T12:00:00.{{sequence % 1000:D3}}Z","amount":{{amount}},"cash_balance":{{amount * sequence}}}"""));

    public static byte[] Trade(string account, long sequence, string asset = "stock_a", long quantity = 10) => Bytes(
        $$"""{"event_type":"buy_asset","description":"{{asset}} {{quantity}}","Host":"h","event_id":"account/{{account}}/{{sequence}}","account_id":"{{account}}","sequence_number":{{sequence}},"occurred_at":"2026-11-23T12:00:00.000Z","asset_name":"{{asset}}","asset_type":"stock","quantity":{{quantity}},"unit_price":5.123456,"amount":51.24,"cash_balance":0.00}""");

    public static byte[] Open(string account, long sequence) => Bytes(
        $$"""{"event_type":"open_account","description":"{{account}}","event_id":"account/{{account}}/{{sequence}}","account_id":"{{account}}","sequence_number":{{sequence}}}""");

    /// <summary>An inquiry as the old pipeline wrote it.</summary>
    public static byte[] Inquiry(string asset = "stock_a") => Bytes(
        $$"""{"event_type":"return_asset_price","description":"{{asset}}","Accept":"*/*","Host":"localhost:5000","User-Agent":"curl/7.47.0"}""");
}
