using System.Globalization;
using System.Text;

namespace Banking.Benchmarks.Drain;

/// <summary>Events of all types in the old pipeline's JSON, as its game wrote them, 264 bytes each; the same ones every time.</summary>
internal sealed class MixedEvents
{
    public const int Bytes = 264;
    private const int Accounts = 5_000;
    private static readonly string[] Hosts = ["user1.comcast.com", "user2.att.com"];
    private readonly Random _random = new(1);

    public byte[][] Make(int count)
    {
        var events = new byte[count][];
        for (var i = 0; i < count; i++) events[i] = Next();
        return events;
    }

    private byte[] Next()
    {
        var account = $"player-{_random.Next(Accounts):D4}";
        var asset = _random.Next(2) == 0 ? "stock_a" : "bond_a";
        return _random.Next(8) switch
        {
            0 => Inquiry("return_asset_price", asset),
            1 => Inquiry("return_account_information", account),
            2 => Action("open_account", account),
            3 => Action("delete_account", account),
            4 => Action("buy_asset", $"{asset} {_random.Next(1, 100)}"),
            5 => Action("sell_asset", $"{asset} {_random.Next(1, 100)}"),
            6 => Action("make_deposit", Money(account)),
            _ => Action("make_withdrawal", Money(account)),
        };
    }

    private string Money(string account) => string.Create(CultureInfo.InvariantCulture, $"{account} {_random.Next(1, 9_000) / 10m:0.0#}");

    private byte[] Inquiry(string type, string description) => Encode(type, description, "");

    private byte[] Action(string type, string description) => Encode(
        type,
        description,
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            "Content-Length":"{{30 + _random.Next(20)}}","Connection":"keep-alive","Content-Type":"application/json",
            """));

    private byte[] Encode(string type, string description, string body)
    {
        var json = $$"""{"event_type":"{{type}}","description":"{{description}}","Host":"{{Hosts[_random.Next(2)]}}","Accept":"*/*",{{body}}"User-Agent":"ApacheBench/2.3 """;

        // The rest is a name that the client gives itself.
        return Encoding.UTF8.GetBytes(json + new string('-', Bytes - json.Length - 2) + "\"}");
    }
}
