using System.Net;
using System.Text.Json;

namespace Banking.Silo.Tests;

public sealed class CompactionRoutesTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Theory]
    [InlineData("?table=nope", HttpStatusCode.BadRequest, "malformed", "There is no table 'nope'; the tables are asset_prices, ")]
    [InlineData("?day=tomorrow", HttpStatusCode.BadRequest, "malformed", "day must be a day as yyyy-MM-dd, not 'tomorrow'.")]
    [InlineData("?day=9999-01-01", HttpStatusCode.BadRequest, "malformed", "Only days before today (UTC) can be compacted")]
    public async Task Compact_WhenItCannotBe_ThenSaysWhy(string query, HttpStatusCode status, string code, string sentence)
    {
        var (answered, text) = await silo.Post("/v1/lake/compact" + query, "");

        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((status, code), (answered, problem.GetProperty("code").GetString()));
        Assert.Contains(sentence, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compact_WhenThereIsNoMetastoreAndNothingToDo_ThenEndsWithoutAFailure()
    {
        var (answered, _) = await silo.Post("/v1/lake/compact", "");
        Assert.Equal(HttpStatusCode.Accepted, answered);

        await Eventually.True(async () => await StateAsync() == "done");
    }

    private async Task<string?> StateAsync()
    {
        var text = await silo.Http.GetStringAsync(new Uri("/v1/lake/compact", UriKind.Relative), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement.GetProperty("state").GetString();
    }
}
