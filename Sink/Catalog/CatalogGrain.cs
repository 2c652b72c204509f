using Banking.Lake;
using Banking.Lake.Files;

namespace Banking.Sink.Catalog;

/// <summary>See <see cref="CatalogSync"/>. Two activations at once do no harm: each leaves alone what the other has registered.</summary>
internal sealed class CatalogGrain(CatalogSync sync, CatalogNotices notices) : Grain, ICatalogGrain, IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _deactivating = CancellationTokenSource.CreateLinkedTokenSource(notices.Stopping);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Interleaves, so that notices don't wait for a metastore that hangs.
        var options = new GrainTimerCreationOptions(TimeSpan.Zero, TickEvery) { Interleave = true, KeepAlive = true };
        this.RegisterGrainTimer(TickAsync, options);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _deactivating.CancelAsync();

    public Task Announce(IReadOnlyList<LakeDay> days)
    {
        sync.Announce(days);
        return Task.CompletedTask;
    }

    public Task<string?> Flush() => sync.FlushAsync(_deactivating.Token);

    public Task<string?> Switch(LakeDay day, long basis, byte[] manifest) =>
        Task.FromResult<string?>(
            $"A day is switched by the number of its draft only: {day.Table} of {LakePath.Day(day.Day)} is left as it is until all silos "
                + "are of one version.");

    public Task<string?> SwitchDraft(LakeDay day, long basis, Guid draft) => sync.SwitchAsync(day, basis, draft, _deactivating.Token);

    public Task<CatalogStatus> GetStatus() => Task.FromResult(sync.Status);

    public void Dispose()
    {
        sync.Dispose();
        _deactivating.Dispose();
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_deactivating.Token, cancellationToken);
        try
        {
            await sync.TickAsync(both.Token);
        }
        catch (Exception) when (both.IsCancellationRequested)
        {
            // The next activation begins with its own pass.
        }
    }
}
