using System.Text;
using Banking.Events;
using Banking.Lake.Events;
using Banking.Lake.Tables;
using Banking.Sink.Numbers;
using Banking.Sink.Partitions;
using Banking.Sink.Tests.Support;
using Banking.Streaming.Log;

namespace Banking.Sink.Tests.Events;

public sealed class EventClaimsTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeMilliseconds(Json.Noon);

    [Fact]
    public void Check_WhenTheBanksHeaderIsThere_ThenTheNumberCounts()
    {
        var row = Parse(Json.Deposit("a", 7), out var record, "bank1;5");

        Assert.True(new EventClaims(new FixedBank("bank1", DateTimeOffset.MinValue)).Check(record, row));
        Assert.Equal((7, 5), (row.Number(EventField.SequenceNumber), row.FirstNumber));
    }

    [Theory]
    [InlineData("bank2")]
    [InlineData("bank1;x")]
    [InlineData("")]
    public void Check_WhenTheHeaderIsAnothers_ThenNoNumberIsClaimed(string header)
    {
        var row = Parse(Json.Deposit("a", 7), out var record, header);

        Assert.False(new EventClaims(new FixedBank("bank1")).Check(record, row));
        Assert.Equal((false, false, true), (row.HasIdentity, row.HasText(EventField.EventId), row.HasText(EventField.AccountId)));
    }

    [Fact]
    public void Check_WhenThereIsNoHeader_ThenEarlierBuildsRecordsCountAndLaterOnesDoNot()
    {
        var row = Parse(Json.Deposit("a", 7), out var record);

        Assert.True(new EventClaims(new FixedBank("bank1", Noon)).Check(record, row));
        Assert.False(new EventClaims(new FixedBank("bank1", Noon.AddMilliseconds(-1))).Check(record, row));
    }

    [Theory]
    [InlineData("""{"event_type":"make_deposit","account_id":"victim","sequence_number":5}""")]
    [InlineData("""{"event_type":"make_deposit","event_id":"account/victim/6","account_id":"victim","sequence_number":5}""")]
    [InlineData("""{"event_type":"make_deposit","event_id":"account/victim/15","account_id":"victim","sequence_number":5}""")]
    [InlineData("""{"event_type":"make_deposit","event_id":"account/victim/9223372036854775807","account_id":"victim","sequence_number":9223372036854775807}""")]
    [InlineData("""{"event_type":"make_deposit","event_id":"account/victim/0","account_id":"victim","sequence_number":0}""")]
    [InlineData("""{"event_type":"make_deposit","sequence_number":5}""")]
    public void Check_WhenNothingShowsThatItIsOurs_ThenNoNumberIsClaimed(string json)
    {
        var row = Parse(Encoding.UTF8.GetBytes(json), out var record);

        Assert.False(new EventClaims().Check(record, row));
        Assert.False(row.HasIdentity);
    }

    private static ParsedEvent Parse(byte[] json, out LogRecord record, string? header = null)
    {
        record = new LogRecord(
            3, Json.Noon, default, json, header is null ? [] : [new LogHeader(EventSource.Header, Encoding.ASCII.GetBytes(header))]);
        var parser = new EventParser();
        Assert.True(parser.TryParse(record.ForLake(), 0));
        return parser.Event;
    }
}
