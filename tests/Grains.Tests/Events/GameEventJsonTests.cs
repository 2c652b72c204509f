using System.Buffers;
using System.Text;
using System.Text.Json;
using Banking.Accounts;
using Banking.Events;
using CsCheck;

namespace Banking.Grains.Tests.Events;

public sealed class GameEventJsonTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 4, 5, 67, TimeSpan.Zero);

    [Fact]
    public void Write_WhenADeposit_ThenTheOldPipelinesObjectWithTypedFieldsBeside()
    {
        var deposit = new GameEvent
        {
            EventType = Deposit.EventType,
            Description = "tpeters 200.0",
            Origin = new RequestOrigin
            {
                Host = "user1.comcast.com",
                UserAgent = "ApacheBench/2.3",
                Accept = "*/*",
                ContentLength = "35",
                ContentType = "application/json",
                AcceptEncoding = "gzip",
                Connection = "close",
            },
            EventId = "account/tpeters/2",
            AccountId = "tpeters",
            SequenceNumber = 2,
            ActionId = "a-1",
            OccurredAt = Now,
            Amount = 200m,
            CashBalance = 200.00m,
        };

        Assert.Equal(
            """
            {"event_type":"make_deposit","description":"tpeters 200.0","Host":"user1.comcast.com","User-Agent":"ApacheBench/2.3",
            "Accept":"*/*","Accept-Encoding":"gzip","Connection":"close","Content-Length":"35","Content-Type":"application/json",
            "event_id":"account/tpeters/2","account_id":"tpeters","sequence_number":2,"action_id":"a-1",
            "occurred_at":"2026-11-24T03:04:05.067Z",
            "amount":200,"cash_balance":200.00}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(Written(deposit)));
    }

    [Fact]
    public void Write_WhenNothingOptionalIsSet_ThenItIsLeftOut() =>
        Assert.Equal(
            """{"event_type":"default","occurred_at":"2026-11-24T03:04:05.067Z"}""",
            Encoding.UTF8.GetString(Written(new GameEvent { EventType = EventTypes.Default, OccurredAt = Now })));

    [Fact]
    public void Write_WhenTextsAreOfAnyScript_ThenTheyStayLegible()
    {
        var json = Encoding.UTF8.GetString(Written(new GameEvent { EventType = "default", Description = "李小龍 <é> & 'x' +1" }));

        Assert.Contains("李小龍 <é> & 'x' +1", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WhenTheRequestIsTraced_ThenTheTraceIsNoPartOfIt()
    {
        var traced =
            new GameEvent
            {
                EventType = "default",
                Origin = new RequestOrigin { Host = "h", TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }
            };

        Assert.DoesNotContain("0af7651916cd43dd8448eb211c80319c", Encoding.UTF8.GetString(Written(traced)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\\\u0000\u001f\n\r\t")]
    [InlineData("😀𐐀")]
    [InlineData("\u2028\ufeff\uffff")]
    [InlineData("")]
    public void Read_WhenWrittenWithExoticCharacters_ThenTheSame(string text)
    {
        var happened =
            new GameEvent { EventType = text, Description = text, Origin = new RequestOrigin { UserAgent = text }, OccurredAt = Now };

        Assert.Equal(happened, GameEventJson.Read(Written(happened)));
    }

    // A header can hold any bytes: the event must go to the log all the same.
    [Fact]
    public void Write_WhenATextHasHalfASurrogatePair_ThenItIsReplaced() =>
        Assert.Equal(
            "a\ufffdb", GameEventJson.Read(Written(new GameEvent { EventType = "default", Description = "a\ud800b" })).Description);

    [Fact]
    public void Write_WhenOneFails_ThenTheNextIsWhole()
    {
        Assert.Throws<ArgumentNullException>(() => GameEventJson.Write(new GameEvent { EventType = "default" }, null!));

        Assert.Equal("default", GameEventJson.Read(Written(new GameEvent { EventType = "default" })).EventType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"event_type":1}""")]
    [InlineData("""{"event_type":"x","sequence_number":1.5}""")]
    [InlineData("""{"event_type":"x","sequence_number":99999999999999999999}""")]
    [InlineData("""{"event_type":"x","amount":1e400}""")]
    [InlineData("""{"event_type":"x","occurred_at":"yesterday"}""")]
    [InlineData("""{"event_type":"x","description":"\ud800"}""")]
    public void Read_WhenItIsNoEvent_ThenJsonException(string json) =>
        Assert.ThrowsAny<JsonException>(() => GameEventJson.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Read_WhenTheOldPipelineWroteIt_ThenItsFields()
    {
        var happened = GameEventJson.Read(
            """{"event_type":"buy_asset","description":"stock_a 10","Host":"h","Other":[1,{}]}"""u8.ToArray());

        Assert.Equal(
            new GameEvent { EventType = "buy_asset", Description = "stock_a 10", Origin = new RequestOrigin { Host = "h" } }, happened);
    }

    [Fact]
    public void Read_WhenAnythingWasWritten_ThenTheSame()
    {
        var text = Gen.Char['\0', '\ud7ff'].Array[0, 20].Select(chars => chars.Length == 0 ? null : new string(chars));
        var number = Gen
            .Select(Gen.Long, Gen.Int[0, 6], (n, scale) => (decimal?)new decimal((int)n, (int)(n >> 32), 0, n < 0, (byte)scale));
        var whole = Gen.Select(Gen.Long, Gen.Bool, (n, present) => present ? n : (long?)null);
        var gen = Gen.Select(text, text, number, whole, Gen.Long[0, 4_000_000_000_000]);
        for (ulong seed = 0; seed < 500; seed++)
        {
            var (a, b, money, count, time) = gen.Generate(new PCG(1, seed), null, out _);
            var happened = new GameEvent
            {
                EventType = a ?? "",
                Description = b,
                Origin = new RequestOrigin { Accept = a, Host = b, ContentType = a },
                EventId = b,
                AccountId = a,
                SequenceNumber = count,
                ActionId = b,
                OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(time),
                AssetName = a,
                AssetType = b,
                Quantity = count,
                UnitPrice = money,
                Amount = money,
                CashBalance = money,
            };

            var read = GameEventJson.Read(Written(happened));

            Assert.True(happened == read, $"Seed {seed}: {happened} was read as {read}.");
            Assert.Equal(happened.Amount?.Scale, read.Amount?.Scale);
        }
    }

    private static byte[] Written(GameEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>();
        GameEventJson.Write(happened, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
