using System.Text;
using Banking.Accounts;
using Banking.Callers;
using Banking.Events;
using Banking.Gate;
using Banking.Recovery;
using Banking.Silo.Recovery;
using Banking.Silo.Streams;
using Banking.Streaming.Log;

namespace Banking.Silo.Tests.Recovery;

/// <summary>What the codec writes, the check reads: headers say whose an event is, and its JSON stays as every consumer knows it.</summary>
public class RecordedEventsTests
{
    private const string Us = "abcdefghijkl";
    private static readonly StreamId Stream = StreamId.Create("events", "0");

    [Fact]
    public void Encode_WhenAnAccountWasOpened_HasBankAndHolderInHeadersAndTheSameJson()
    {
        var opened = Event(OpenAccount.EventType) with { Holder = "Ann Ö.", FirstNumber = 3 };

        var record = Codec(Us).Encode(Stream, opened);

        Assert.Equal(["bank=abcdefghijkl;3", "holder=Ann Ö."], Headers(record));
        Assert.Equal(
            new GameEventCodec().Encode(Stream, opened with { Holder = null, FirstNumber = 0 }).Value.ToArray(), record.Value.ToArray());
    }

    [Theory]
    [InlineData(OpenAccount.EventType)]
    [InlineData(AssignAccount.EventType)]
    public void Encode_WhenAnAccountHasAnOwner_HasItInAHeaderOnlyAndReadsItAgain(string type)
    {
        var given = Event(type) with { Owner = new CallerId("https://id.example", "Ann Ö. |1") };

        var record = Codec(Us).Encode(Stream, given);
        RecordedEvents.Read(Record(record), Us, out var read, out _);

        Assert.Equal(["bank=abcdefghijkl", "owner=https://id.example Ann Ö. |1"], Headers(record));
        Assert.Equal(new GameEventCodec().Encode(Stream, given with { Owner = null }).Value.ToArray(), record.Value.ToArray());
        Assert.Equal(given.Owner, read!.Owner);
    }

    [Fact]
    public void Encode_WhenTheEventIsAnOrdinaryOne_SharesItsHeaders()
    {
        var codec = Codec(Us);

        var (first, second) = (codec.Encode(Stream, Event(Deposit.EventType)), codec.Encode(Stream, Event(Deposit.EventType)));

        Assert.Equal(["bank=abcdefghijkl"], Headers(first));
        Assert.Same(first.Headers, second.Headers);
    }

    [Fact]
    public void Read_WhenTheEventIsOurs_HasAllThatAStateFollowsFrom()
    {
        var bought = Event(
            BuyAsset.EventType) with
        {
            AssetName =
                "stock_a",
            AssetType = "stock",
            Quantity = 3,
            UnitPrice = 1.234567m,
            CashBalance = 4.5m
        };

        var owner = RecordedEvents.Read(Record(Codec(Us).Encode(Stream, bought)), Us, out var read, out var source);

        Assert.Equal(RecordOwner.Ours, owner);
        Assert.Equal(bought with { Description = null, EventId = null }, read);
        Assert.Equal(1, source.FirstNumber);
    }

    [Fact]
    public void Read_WhenAnAccountWasOpened_HasTheHoldersName()
    {
        RecordedEvents.Read(
            Record(Codec(Us).Encode(Stream, Event(OpenAccount.EventType) with { Holder = "Ann Ö." })), Us, out var read, out _);

        Assert.Equal("Ann Ö.", read!.Holder);
    }

    [Fact]
    public void Read_WhenAnotherBankSignedIt_IsNotOurs() =>
        Assert.Equal(
            RecordOwner.Other, RecordedEvents.Read(Record(Codec("other").Encode(Stream, Event(Deposit.EventType))), Us, out _, out _));

    [Fact]
    public void Read_WhenNobodySignedIt_SaysSo() =>
        Assert.Equal(
            RecordOwner.Unsigned,
            RecordedEvents.Read(Record(new GameEventCodec().Encode(Stream, Event(Deposit.EventType))), Us, out _, out _));

    [Theory]
    [InlineData("""{"event_type":"make_deposit","account_id":"ann","sequence_number":7}""")]
    [InlineData("""{"event_type":"make_deposit","account_id":"ann","sequence_number":7,"event_id":"account/bob/7"}""")]
    [InlineData("""{"event_type":"make_deposit","account_id":"bob","sequence_number":7,"event_id":"account/bob/7"}""")]
    [InlineData("""{"event_type":"make_deposit","account_id":"ann","sequence_number":-1,"event_id":"account/ann/-1"}""")]
    [InlineData("""{"event_type":"make_deposit","account_id":"ann","sequence_number":1e99,"event_id":"account/ann/1"}""")]
    [InlineData("""{"event_type":"make_deposit","account_id":"ann","sequence_number":7,"amount":1e999}""")]
    [InlineData("""{"event_type":"make_deposit","account_id":"\ud800","sequence_number":7}""")]
    [InlineData("""["event_type"]""")]
    [InlineData("""{"event_type":""")]
    [InlineData("")]
    public void Read_WhenItIsNoEventOfItsKeysAccount_IsNobodys(string json)
    {
        var record = new LogRecord(0, 0, Encoding.UTF8.GetBytes("ann"), Encoding.UTF8.GetBytes(json), []);

        Assert.Equal(RecordOwner.Other, RecordedEvents.Read(record, Us, out _, out _));
    }

    private static GameEvent Event(string type) => new()
    {
        EventType = type,
        Description = "text",
        EventId = "account/ann/7",
        AccountId = "ann",
        SequenceNumber = 7,
        ActionId = "a7",
        Amount = 12.5m,
        CashBalance = 20,
        OccurredAt = new DateTimeOffset(2026, 11, 27, 1, 2, 3, 4, TimeSpan.Zero),
    };

    private static GameEventCodec Codec(string bank)
    {
        var gate = new BankGate();
        gate.Set(new BankStatus(BankStage.Checked, bank, null, 0));
        return new GameEventCodec(gate);
    }

    private static LogRecord Record(NewLogRecord record) => new(0, 0, record.Key, record.Value, record.Headers);

    private static string[] Headers(NewLogRecord record) =>
        [.. record.Headers.Select(h => $"{h.Name}={Encoding.UTF8.GetString(h.Value.Span)}")];
}
