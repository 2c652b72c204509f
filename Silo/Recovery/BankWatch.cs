using Banking.Events;
using Banking.Gate;
using Banking.Recovery;
using Banking.Storage;

namespace Banking.Silo.Recovery;

/// <summary>
/// Asks the bank's grain for the status of its check, and opens or closes this silo's gate accordingly. When this silo's storage finds that
/// the database went back, the gate is closed at once. Then accounts in memory publish what they know to be durable, and the database is
/// checked again.
/// </summary>
internal sealed partial class BankWatch(
    IGrainFactory grains,
    BankGate gate,
    [FromKeyedServices(GameNames.Storage)] IStorageContinuity continuity,
    EventStreams streams,
    TimeProvider time,
    ILogger<BankWatch> logger) : BackgroundService
{
    private static readonly TimeSpan WhileClosed = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WhileOpen = TimeSpan.FromSeconds(1);

    /// <summary>How long acknowledged events that only memory still has are offered to the log. A check needs the log anyway.</summary>
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lost = continuity.WhenLostAsync();
        while (true)
        {
            if (continuity.Loss is { } loss)
            {
                await CheckAgainAsync(loss, stoppingToken);
                lost = continuity.WhenLostAsync();
            }

            try
            {
                var status = await grains.GetGrain<IBankGrain>(IBankGrain.Key).GetStatus();
                if (status != gate.Status && continuity.Loss is null && !KnowsLess(status)) gate.Set(status);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // This silo is not up yet, or the one that had the grain is gone: until that changes, the last known status holds.
            }

            await Task.WhenAny(lost, Task.Delay(gate.Status.Stage == BankStage.Checked ? WhileOpen : WhileClosed, time, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    // Whether the grain moved because its silo is gone, and has only begun to check: what was found before holds until it has found
    // something else.
    private bool KnowsLess(BankStatus status) =>
        gate.Status.Stage == BankStage.Checked && status is { Bank: null, Stage: BankStage.Checking or BankStage.Unchecked };

    private async Task CheckAgainAsync(string loss, CancellationToken cancellationToken)
    {
        gate.Set(gate.Status with { Stage = BankStage.Checking, Sentence = loss });
        var since = time.GetTimestamp();
        while (streams.Busy.Count > 0 && time.GetElapsedTime(since) < PublishTimeout)
        {
            await Task.Delay(WhileClosed, time, cancellationToken);
        }
        gate.CutOff();
        if (streams.Busy.Count is > 0 and var accounts) LogUnpublished(accounts);

        // Done before the database is accepted: the grain may be on this silo, and notes in storage what was checked last.
        await AskAsync(loss, cancellationToken);
        continuity.Accept();
    }

    private async Task AskAsync(string loss, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await grains.GetGrain<IBankGrain>(IBankGrain.Key).CheckAgain(loss);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotAsked(e.Message);
                await Task.Delay(WhileOpen, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message =
            "The database went back while the log did not take events: {Accounts} accounts had acknowledged actions that are in neither, "
                + "and may be lost.")]
    private partial void LogUnpublished(int accounts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database can't be checked again yet, and nobody acts: {Reason}")]
    private partial void LogNotAsked(string reason);
}
