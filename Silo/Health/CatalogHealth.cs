using Banking.Lake;

namespace Banking.Silo.Health;

/// <summary>Whether queries see what is in the lake. Even if they don't, files are still committed.</summary>
internal sealed class CatalogHealth(IGrainFactory grains, TimeProvider time) : IHealthPart
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var status = await grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).GetStatus().WaitAsync(MaxWait, time, cancellationToken);
            List<Finding> found = [];
            if (status.Failure is { } failure)
            {
                found.Add(Problem("catalog", status.Pending > 0 ? $"{failure} Days that queries may lack: {status.Pending}." : failure));
            }
            found.AddRange(status.Refusals.Select((refusal, i) => Problem($"catalog/table-{i}", refusal)));
            return found;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return [Problem("catalog", $"The catalog does not answer: {e.Message}")];
        }
    }

    private Finding Problem(string key, string sentence) => new(key, sentence, IsCritical: false, time.GetUtcNow());
}
