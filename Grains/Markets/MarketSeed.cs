using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Markets;

/// <summary>Lists the configured assets when the silo is up. What is listed already stays as it is: storage, not configuration, has the last word.</summary>
public sealed partial class MarketSeed(IGrainFactory grains, IOptions<MarketOptions> options, TimeProvider clock, ILogger<MarketSeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when all configured assets are listed.</summary>
    public Task Done => _done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var asset in options.Value.Assets)
        {
            while (!await TryList(asset.ToDefinition(), stoppingToken)) await Task.Delay(Pause, clock, stoppingToken);
        }

        _done.SetResult();
    }

    private async Task<bool> TryList(AssetDefinition asset, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IMarketGrain>(asset.Name).ListIfNew(asset);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(e, asset.Name, Pause);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not list {Asset}; again in {Pause}.")]
    private partial void LogFailed(Exception exception, string asset, TimeSpan pause);
}
