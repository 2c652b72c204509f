using Banking.Recovery;

namespace Banking.Silo.Recovery;

/// <summary>Asks the bank's grain how its check is, and opens or closes this silo's gate by it.</summary>
internal sealed class BankWatch(IGrainFactory grains, BankGate gate, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan WhileClosed = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WhileOpen = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                var status = await grains.GetGrain<IBankGrain>(IBankGrain.Key).GetStatus();
                if (status != gate.Status && !KnowsLess(status)) gate.Set(status);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // This silo is not up yet, or the one that has the grain has gone: what was last heard holds until then.
            }

            await Task.Delay(gate.Status.Stage == BankStage.Checked ? WhileOpen : WhileClosed, clock, stoppingToken);
        }
    }

    // The grain is another silo's since its own has gone, and has only begun to check: what was found before holds until it has found something else.
    private bool KnowsLess(BankStatus status) =>
        gate.Status.Stage == BankStage.Checked && status is { Bank: null, Stage: BankStage.Checking or BankStage.Unchecked };
}
