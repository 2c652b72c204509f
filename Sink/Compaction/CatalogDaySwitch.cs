using Banking.Lake;

namespace Banking.Sink.Compaction;

/// <summary>Lets the catalog's grain switch a day.</summary>
internal sealed class CatalogDaySwitch(IGrainFactory grains) : IDaySwitch
{
    // A call that takes longer than the cluster's response timeout goes on; if called again, the grain says how it went.
    private const int Tries = 10;

    public async Task<string?> SwitchAsync(DayDraft draft, CancellationToken cancellationToken)
    {
        var catalog = grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await catalog.SwitchDraft(new LakeDay(draft.Table.Name, draft.Day), draft.Basis, draft.Id).WaitAsync(
                    cancellationToken);
            }
            catch (TimeoutException) when (attempt < Tries)
            {
            }
        }
    }
}

/// <summary>The one place that decides which folder queries read for a day.</summary>
internal interface IDaySwitch
{
    /// <summary>See <see cref="DayShelf.SwitchAsync"/>.</summary>
    /// <returns>A sentence saying why the day was not switched; null if it was.</returns>
    Task<string?> SwitchAsync(DayDraft draft, CancellationToken cancellationToken);
}
