using System.Globalization;
using Banking.Benchmarks.Processes;
using Banking.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Benchmarks.Actions;

/// <summary>The whole program inside this one, on free ports.</summary>
internal sealed class EmbeddedSilo : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedSilo(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <param name="settings">As on the command line, besides ports and folder.</param>
    public static async Task<EmbeddedSilo> StartAsync(string dataFolder, CancellationToken cancellationToken, params string[] settings)
    {
        var ports = Array.ConvertAll(FreePorts.Take(3), port => port.ToString(CultureInfo.InvariantCulture));
        var app = BankingApplication.Create(
        [
            "--urls", $"http://127.0.0.1:{ports[0]}", "--Banking:DataDirectory", dataFolder, "--Banking:Cluster:SiloPort", ports[1],
            "--Banking:Cluster:GatewayPort", ports[2], "--Logging:LogLevel:Default", "Warning",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning",
            "--Logging:LogLevel:Orleans", "Error", .. settings,
        ]);
        await app.StartAsync(cancellationToken);
        return new EmbeddedSilo(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
