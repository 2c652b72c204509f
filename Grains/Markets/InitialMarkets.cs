using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Markets;

/// <summary>
/// Lists the configured assets when the silo is up. What is listed already stays as it is: storage has the last word, not configuration,
/// and differences are logged.
/// </summary>
public sealed partial class InitialMarkets(
    IGrainFactory grains, IOptions<MarketOptions> options, TimeProvider time, ILogger<InitialMarkets> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when all configured assets are listed.</summary>
    public Task Done => _done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var asset in options.Value.Assets)
        {
            while (!await TryListAsync(asset.ToDefinition(), stoppingToken)) await Task.Delay(Pause, time, stoppingToken);
        }

        _done.SetResult();
        await CompareAsync(stoppingToken);
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var asset in options.Value.Assets)
            {
                if (await grains.GetGrain<IMarketGrain>(asset.Name).GetListing() is not { } listing) continue;
                var difference = AssetDifference.Between(asset.ToDefinition(), listing.Definition);
                if (listing.Delisted) LogDelisted(asset.Name);
                else if (difference is not null) LogDifferent(asset.Name, difference);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The market is on a silo of an earlier version, which can't tell.
            LogNotCompared(e.Message);
        }
    }

    private async Task<bool> TryListAsync(AssetDefinition asset, CancellationToken cancellationToken)
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The asset {Asset} is not as the settings have it, and storage has the last word: {Difference}. "
            + "'Client asset set' changes it.")]
    private partial void LogDifferent(string asset, string difference);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The asset {Asset} is in the settings, and an operator has delisted it: it stays off. "
            + "'Client asset set' lists it again.")]
    private partial void LogDelisted(string asset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The assets of the settings could not be compared with those of storage. {Reason}")]
    private partial void LogNotCompared(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not list {Asset}; again in {Pause}.")]
    private partial void LogFailed(Exception exception, string asset, TimeSpan pause);
}
