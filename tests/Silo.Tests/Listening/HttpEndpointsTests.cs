using Banking.Silo.Listening;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Banking.Silo.Tests.Listening;

/// <summary>Where nobody is asked who calls, only the loopback is bound; what counts is what Kestrel makes of the settings.</summary>
public sealed class HttpEndpointsTests
{
    /// <summary>Settings that Kestrel takes for addresses beyond the loopback.</summary>
    public static TheoryData<string, string> Reachable => new()
    {
        { "urls", "http://loopback:0" }, { "urls", "http://u@127.0.0.1:0" }, { "urls", "http://0.0.0.0:0" }, { "urls", "http://*:0" },
        { "urls", "http://+:0" }, { "urls", "http://[::]:0" }, { "urls", "http://127.0.0.1.example:0" }, { "urls", "http://127.0.0.256:0" },
        { "urls", "http://127.0.0.1:0;http://*:0" }, { "Kestrel:Endpoints:Http:Url", "http://*:0" },
        { "Kestrel:Endpoints:Http:Url", "http://localhost.example:0" },
    };

    [Theory]
    [MemberData(nameof(Reachable))]
    public void Settle_WithoutAuthentication_RefusesWhatOthersReach(string setting, string value)
    {
        var refused = Assert.Throws<StartException>(() => Settle(false, new(), (setting, value)));

        Assert.Contains("is reachable from other machines, and there is no authentication", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reachable))]
    [InlineData("http_ports", "0")]
    public async Task Gate_WithoutAuthentication_BindsNothingThatOthersReach(string setting, string value)
    {
        await using var app = App((setting, value));

        await Assert.ThrowsAsync<StartException>(() => app.StartAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("urls", "http://127.0.0.1:0")]
    [InlineData("urls", "http://127.0.0.2:0;http://[::1]:0")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:0")]
    public async Task Loopback_WithoutAuthentication_IsBound(string setting, string value)
    {
        Settle(false, new(), (setting, value));
        await using var app = App((setting, value));

        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(app.Urls);
    }

    [Fact]
    public void Settle_WithPortsOfAContainerImage_TakesTheDefault()
    {
        var configuration = Settle(false, new(), ("http_ports", "8080"), ("https_ports", "8081"));

        Assert.Equal(["http://127.0.0.1:5000"], HttpEndpoints.Of(configuration).Select(endpoint => endpoint.Url));
        Assert.All(new[] { "urls", "http_ports", "https_ports" }, name => Assert.Equal("", configuration[name]));
    }

    [Theory]
    [InlineData("urls", "", "--urls is empty")]
    [InlineData("urls", " ; ", "--urls is empty")]
    [InlineData("urls", "http://unix:/tmp/bank", "is no URL to listen on")]
    [InlineData("urls", "http://pipe:/bank", "is no URL to listen on")]
    [InlineData("urls", "ftp://127.0.0.1:0", "is no URL to listen on")]
    [InlineData("urls", "127.0.0.1:5000", "is no URL to listen on")]
    [InlineData("Kestrel:Endpoints:Http:Url", "nonsense", "is no URL to listen on")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://localhost:0", "--Kestrel:Endpoints:Http:Url: localhost is two addresses")]
    public void Settle_WhenAUrlIsNone_SaysSo(string setting, string value, string sentence)
    {
        var refused = Assert.Throws<StartException>(() => Settle(true, new() { BehindProxy = true }, (setting, value)));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settle_WithAuthentication_TakesAnyAddressWithTls()
    {
        (string, string) plain = ("urls", "http://*:8080");

        Settle(true, new(), ("Kestrel:Endpoints:Https:Url", "https://*:8443"));
        Settle(true, new() { BehindProxy = true }, plain);
        var refused = Assert.Throws<StartException>(() => Settle(true, new(), plain));

        Assert.Contains("set Banking:Http:BehindProxy", refused.Message, StringComparison.Ordinal);
    }

    private static ConfigurationManager Settle(bool hasAuthentication, HttpSettings http, params (string, string)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)));
        HttpEndpoints.Settle(configuration, http, hasAuthentication);
        return configuration;
    }

    /// <summary>A server that was told by the settings alone.</summary>
    private static WebApplication App((string Name, string Value) setting)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "", $"--{setting.Name}", setting.Value]);
        builder.Logging.ClearProviders();
        ListenerGate.AddTo(builder.Services, new(), hasAuthentication: false);
        return builder.Build();
    }
}
