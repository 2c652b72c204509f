using Banking.Client.Loading;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// Players from a seed, as the command line's load has them: legal and illegal actions, the same id again until an answer comes, each
/// answer held against a naive model. What was acknowledged goes into a journal.
/// </summary>
internal sealed class Players : IAsyncDisposable
{
    private const int Connections = 8;
    private const int Accounts = 40;

    private readonly CancellationTokenSource _closing = new();
    private readonly TemporaryFolder _folder = new();
    private readonly LoadRun _run;
    private readonly Journal _journal;
    private readonly Task<LoadResult> _playing;

    public Players(BankCluster bank, int seed)
    {
        _journal = new Journal(JournalFile);
        var plan = new LoadPlan(
            Accounts, null, null, Connections, seed, "player", Reuse: false, DepositsOnly: false, TimeSpan.FromSeconds(60));
        _run = new LoadRun(plan, new ClusterBank(bank.Grains, _closing.Token), _journal, TimeProvider.System);
        _playing = Task.Run(() => _run.RunAsync(_ => { }, CancellationToken.None));
    }

    public string JournalFile => _folder.File("journal.jsonl");

    /// <summary>Actions answered so far.</summary>
    public long Answered => _run.Answered;

    /// <summary>Completes when the players have got this many more answers than now.</summary>
    public async Task Play(long actions, CancellationToken cancellationToken)
    {
        var enough = Answered + actions;
        await Eventually.True(() => Answered >= enough || _playing.IsCompleted, $"{actions} actions more were answered");
    }

    /// <summary>Lets every player get its last answer.</summary>
    /// <returns>What was wrong with answers; empty if nothing was.</returns>
    public async Task<IReadOnlyList<string>> Finish()
    {
        await _closing.CancelAsync();
        var result = await _playing;
        _journal.Flush();
        return result.Failure is { } failure ? [.. result.Complaints, failure] : result.Complaints;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await ((Task)_playing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _journal.Dispose();
        _closing.Dispose();
        _folder.Dispose();
    }
}
