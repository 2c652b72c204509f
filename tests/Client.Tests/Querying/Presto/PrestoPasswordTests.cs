using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Banking.Client.Engines.Presto;
using Banking.Client.Terminals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Banking.Client.Tests.Querying.Presto;

public sealed class PrestoPasswordTests
{
    private const string Secret = "s3cret";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_WhenThereIsAPassword_ThenItGoesAsBasicAuthenticationWithEveryRequest()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        using var client = new PrestoClient(PrestoRun.Server(presto.Url, Secret), TimeProvider.System);
        presto.Answer = (http, _) => ScriptedPresto.Json(http, presto.Page());
        List<string> sent = [];

        var page = await client.SendAsync("select 1", Token);
        sent.Add(presto.LastHeaders.Authorization.ToString());
        await client.FetchAsync(page.NextUri!, Token);
        sent.Add(presto.LastHeaders.Authorization.ToString());
        await client.CancelAsync(page.NextUri!);
        sent.Add(presto.LastHeaders.Authorization.ToString());

        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("tests:" + Secret));
        Assert.Equal([basic, basic, basic], sent);
    }

    [Fact]
    public async Task Fetch_WhenThePageIsElsewhere_ThenThePasswordIsNotSentThere()
    {
        await using var presto = await ScriptedPresto.StartAsync();
        await using var elsewhere = await ScriptedPresto.StartAsync();
        using var client = new PrestoClient(PrestoRun.Server(presto.Url, Secret), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => client.FetchAsync(new Uri(elsewhere.Url, "/next"), Token));

        Assert.Contains("the password is only for the first", failure.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Asked);
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://presto.example:8080")]
    public async Task Query_WhenAPasswordWouldGoOverHttp_ThenItIsRefused(string url)
    {
        var run = await CommandRun.WithVariablesAsync(
            new() { ["Banking__Presto__Password"] = Secret }, "query", "select 1", "--presto", url);

        Assert.Equal((2, $"A password is sent over https only, and Presto is at {url}/\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Query_WhenThePasswordIsInTheUrl_ThenItIsRefusedAndNotRepeated()
    {
        var run = await CommandRun.OfAsync("query", "select 1", "--presto", $"https://ann:{Secret}@localhost:8443");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--presto must not hold a user or a password", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenAPasswordIsToBeAskedForWithoutATerminal_ThenItSaysWhatToDo()
    {
        var run = await CommandRun.OfAsync("query", "select 1", "--presto", "https://localhost:8443", "--presto-ask-password");

        Assert.Equal(
            (2, "--presto-ask-password needs a terminal; set Banking__Presto__Password in the environment instead.\n"),
            (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Query_WhenTheCertificateIsNotTrusted_ThenNothingIsSent()
    {
        await using var app = await StartTlsAsync(() => Assert.Fail("It was asked."));

        var run = await CommandRun.WithVariablesAsync(
            new() { ["Banking__Presto__Password"] = Secret }, "query", "select 1", "--presto", app.Urls.Single());

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("can't be reached: The remote certificate is invalid", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartTlsAsync(Action asked)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var from = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(from.AddDays(-1), from.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(_ =>
        {
            asked();
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}
