using System.Diagnostics;
using System.Net;
using System.Text;
using Banking.Events;
using Banking.Silo.Http;
using Banking.Silo.Streams;
using Banking.Streaming.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Silo.Tests.Streams;

/// <summary>A traced request's records in the log carry its trace.</summary>
public sealed class TraceParentTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Sent = $"00-{TraceId}-b7ad6b7169203331-00";

    [Fact]
    public void Of_WhenTheRequestHasAValidHeader_ThenIt() => Assert.Equal(Sent, TraceOf(Sent));

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData(Sent + "," + Sent)]
    public void Of_WhenTheHeaderIsMissingOrMalformed_ThenNone(string? header) => Assert.Null(TraceOf(header));

    [Fact]
    public void Of_WhenTheSilosOwnSpanIsRecorded_ThenThatSpan()
    {
        using var span = Started(ActivityTraceFlags.Recorded);

        Assert.Equal(span.Id, TraceOf(Sent));
    }

    [Fact]
    public void Of_WhenTheSilosOwnSpanIsNotRecorded_ThenWhatTheRequestSays()
    {
        using var span = Started(ActivityTraceFlags.None);

        Assert.Equal(Sent, TraceOf(Sent));
        Assert.Null(TraceOf(null));
    }

    [Fact]
    public void Encode_WhenTraced_ThenAHeaderOfTheRecord()
    {
        var header = Assert.Single(Encode(new RequestOrigin { TraceParent = Sent }).Headers);

        Assert.Equal(("traceparent", Sent), (header.Name, Encoding.ASCII.GetString(header.Value.Span)));
    }

    [Fact]
    public void Encode_WhenNotTraced_ThenNoHeaderAndNothingMadeForIt()
    {
        Assert.Same(Encode(null).Headers, Encode(new RequestOrigin { Host = "h" }).Headers);
        Assert.Empty(Encode(null).Headers);
    }

    [Fact]
    public async Task Post_WhenTraced_ThenTheRecordInTheLogIsOfThatTrace()
    {
        var id = "p" + Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/accounts")
        {
            Content = new StringContent($$"""{"account_id":"{{id}}","full_name":"Ann Example"}""", Encoding.UTF8, "application/json"),
            Headers = { { "traceparent", Sent } },
        };
        using var response = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        await silo.Post("/v1/lake/flush", "");

        var header = Assert.Single((await RecordOf(id)).Headers, header => header.Name == "traceparent");

        Assert.StartsWith($"00-{TraceId}-", Encoding.ASCII.GetString(header.Value.Span), StringComparison.Ordinal);
    }

    private async Task<LogRecord> RecordOf(string id)
    {
        var log = silo.Services.GetRequiredKeyedService<IPartitionedLog>(GameNames.Streams);
        var partition = silo.Services.GetRequiredService<IEventPartitions>().Of(id)!.Number;
        await using var reader = await log.OpenReaderAsync(partition, 0, TestContext.Current.CancellationToken);
        return (await reader.ReadAsync(1_000, TestContext.Current.CancellationToken))
            .Single(r => Encoding.UTF8.GetString(r.Key.Span) == id);
    }

    private static Activity Started(ActivityTraceFlags flags)
    {
        var span = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        span.ActivityTraceFlags = flags;
        return span.Start();
    }

    private static string? TraceOf(string? header)
    {
        var http = new DefaultHttpContext();
        if (header is not null) http.Request.Headers.TraceParent = header;
        return Origin.Of(http.Request).TraceParent;
    }

    private static NewLogRecord Encode(RequestOrigin? origin) =>
        new GameEventCodec().Encode(StreamId.Create("events", "0"), new GameEvent { EventType = EventTypes.Default, Origin = origin });
}
