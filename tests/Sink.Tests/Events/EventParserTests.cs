using System.Text;
using Banking.Lake.Events;
using Banking.Lake.Tables;
using Banking.Sink.Tests.Support;
using CsCheck;

namespace Banking.Sink.Tests.Events;

public sealed class EventParserTests
{
    private readonly EventParser _parser = new();

    [Fact]
    public void TryParse_WhenTheEventIsTheOldPipelines_ThenHeadersAreReadUnderTheirHttpNames()
    {
        Assert.True(Parse(
            """{"event_type":"make_deposit","description":"tpeters 200.0","Host":"user1.comcast.com","User-Agent":"ApacheBench/2.3","Accept":"*/*","Content-Length":"35","Accept-Encoding":"gzip","Connection":"close","Content-Type":"application/json"}"""));

        Assert.Equal(
            ["make_deposit", "tpeters 200.0", "user1.comcast.com", "ApacheBench/2.3", "*/*", "gzip", "close", "application/json"],
            new[]
            {
                EventField.EventType, EventField.Description, EventField.Host, EventField.UserAgent, EventField.Accept,
                EventField.AcceptEncoding,
                EventField.Connection, EventField.ContentType,
            }.Select(Text));
        Assert.Equal(35, _parser.Event.Number(EventField.ContentLength));
        Assert.False(_parser.Event.HasText(EventField.AccountId));
    }

    [Fact]
    public void TryParse_WhenTypedFieldsAreThere_ThenTheyAreExact()
    {
        Assert.True(Parse(
            """{"event_type":"buy_asset","event_id":"account/a/3","account_id":"a","sequence_number":3,"action_id":"x","occurred_at":"2026-11-23T12:00:00.250Z","asset_name":"stock_a","asset_type":"stock","quantity":10,"unit_price":5.123456,"amount":51.24,"cash_balance":-0.5}"""));

        Assert.Equal(
            [3, Json.Noon + 250, 10, 5_123_456, 5_124, -50],
            new[]
            {
                EventField.SequenceNumber, EventField.OccurredAt, EventField.Quantity, EventField.UnitPrice, EventField.Amount,
                EventField.CashBalance,
            }.Select(_parser.Event.Number));
    }

    [Theory]
    [InlineData("\"10\"", 10)]
    [InlineData("10.0", 10)]
    [InlineData("1e1", 10)]
    [InlineData("\"\\u0031\"", 1)]
    public void TryParse_WhenANumberIsWrittenOtherwise_ThenItIsRead(string json, long quantity)
    {
        Assert.True(Parse($$"""{"event_type":"buy_asset","quantity":{{json}}}"""));

        Assert.Equal(quantity, _parser.Event.Number(EventField.Quantity));
    }

    [Theory]
    [InlineData("amount", "9999999999999999.99", 999_999_999_999_999_999)]
    [InlineData("amount", "1.1000000", 110)]
    [InlineData("amount", "2e2", 20_000)]
    [InlineData("unit_price", "0.000001", 1)]
    public void TryParse_WhenADecimalFitsItsColumn_ThenItIsKept(string key, string value, long unscaled)
    {
        Assert.True(Parse($$"""{"{{key}}":{{value}}}"""));

        Assert.Equal(unscaled, _parser.Event.Number(key == "amount" ? EventField.Amount : EventField.UnitPrice));
        Assert.Equal(0, _parser.Event.Unrepresentable);
    }

    [Theory]
    [InlineData("amount", "10000000000000000.00")]
    [InlineData("amount", "1.005")]
    [InlineData("amount", "1e400")]
    [InlineData("amount", "\"lots\"")]
    [InlineData("quantity", "9223372036854775808")]
    [InlineData("quantity", "1.5")]
    [InlineData("Content-Length", "4294967296")]
    [InlineData("occurred_at", "\"yesterday\"")]
    [InlineData("occurred_at", "\"\\\"\\\\\"")]
    [InlineData("description", "\"\\ud800\"")]
    public void TryParse_WhenAColumnCanNotHoldAValue_ThenItIsNullAndCounted(string key, string value)
    {
        Assert.True(Parse($$"""{"event_type":"make_deposit","{{key}}":{{value}}}"""));

        var field = EventFields.Find(Encoding.UTF8.GetBytes(key))!.Value;
        Assert.Equal(
            (ParsedEvent.None, false, 1), (_parser.Event.Number(field), _parser.Event.HasText(field), _parser.Event.Unrepresentable));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{\"event_type\":\"make_deposit\"")]
    [InlineData("{} {}")]
    [InlineData("null")]
    public void TryParse_WhenTheRecordIsNoObject_ThenRefuses(string json) => Assert.False(Parse(json));

    [Theory]
    [InlineData("""{"x":{"event_type":"default"},"event_type":"buy_asset","y":[1,{"amount":2}]}""")]
    [InlineData("""{"event\u005ftype":"buy_asset"}""")]
    [InlineData("""{"event_type":"default","event_type":"buy_asset"}""")]
    [InlineData("\uFEFF{\"event_type\":\"buy_asset\",\"amount\":null,\"quantity\":{}}")]
    public void TryParse_WhenTheJsonIsUnusual_ThenItsOwnKeysAreRead(string json)
    {
        Assert.True(Parse(json));

        Assert.Equal("buy_asset", Text(EventField.EventType));
        Assert.Equal(ParsedEvent.None, _parser.Event.Number(EventField.Amount));
    }

    [Fact]
    public void TryParse_WhenManyValuesAreEscaped_ThenEachKeepsItsText()
    {
        var value = string.Concat(Enumerable.Repeat("\\u00e9", 3000));
        Assert.True(Parse($$"""{"Accept":"{{value}}","Host":"{{value}}","description":"{{value}}"}"""));

        Assert.All([EventField.Accept, EventField.Host, EventField.Description], field => Assert.Equal(new string('é', 3000), Text(field)));
    }

    [Fact]
    public void TryParse_WhenBytesAreRandom_ThenNeverThrows() => Gen.Byte.Array[0, 60].Sample(
        bytes => { _ = new EventParser().TryParse(new LakeRecord(0, 0, bytes), 0); }, iter: 20_000);

    [Fact]
    public void TryDecimal_WhenAnyMoneyIsWritten_ThenReadsItsCents() =>
        Gen.Long[-EventValues.LargestDecimal, EventValues.LargestDecimal].Sample(
        cents => EventValues.TryDecimal(
            Encoding.UTF8.GetBytes((cents / 100m).ToString("F2", System.Globalization.CultureInfo.InvariantCulture)), 2, out var read)
            && read == cents,
        iter: 20_000);

    [Theory]
    [InlineData("return_asset_price", "asset_prices")]
    [InlineData("return_account_information", "asset_prices")]
    [InlineData("open_account", "account_status")]
    [InlineData("delete_account", "account_status")]
    [InlineData("buy_asset", "asset_transactions")]
    [InlineData("sell_asset", "asset_transactions")]
    [InlineData("make_deposit", "cash_transactions")]
    [InlineData("make_withdrawal", "cash_transactions")]
    public void TryRoute_WhenTheTypeIsKnown_ThenFindsItsTable(string type, string table)
    {
        Assert.True(LakeTables.TryRoute(Encoding.UTF8.GetBytes(type), out var index));

        Assert.Equal(table, LakeTables.All[index].Name);
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("return_account_info", false)]
    [InlineData("", false)]
    public void TryRoute_WhenTheTypeHasNoTable_ThenOnlyDefaultIsKnown(string type, bool known)
    {
        Assert.Equal(known, LakeTables.TryRoute(Encoding.UTF8.GetBytes(type), out var index));

        Assert.Equal(-1, index);
    }

    private bool Parse(string json) => _parser.TryParse(new LakeRecord(5, Json.Noon, Encoding.UTF8.GetBytes(json)), 0);

    private string Text(EventField field) => Encoding.UTF8.GetString(_parser.Event.Text(field));
}
