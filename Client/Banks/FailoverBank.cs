using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>
/// One line to a bank of one or several silos. A question goes to this line's own silo, and to the others if that one is unavailable, can't
/// act, or takes too long. Asking another silo for the same action is as safe as asking the same one. While nobody answers, waits get
/// longer from the third round on: a cluster may take a while to drop a silo that hangs, and a bank whose storage or log is in trouble is
/// slow at every silo.
/// </summary>
internal sealed class FailoverBank : IBank
{
    private readonly IReadOnlyList<IBank> _silos;
    private readonly SiloChoice _choice;
    private readonly int _home;
    private readonly TimeProvider _time;
    private CancellationTokenSource _cutOff;
    private int _roundsInVain;

    /// <param name="silos">A line to each silo; disposed with this.</param>
    /// <param name="choice">Shared by all lines to the same silos.</param>
    /// <param name="home">The silo that is asked first while it answers.</param>
    public FailoverBank(IReadOnlyList<IBank> silos, SiloChoice choice, int home, TimeProvider time)
    {
        (_silos, _choice, _home, _time) = (silos, choice, home, time);
        _cutOff = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>How long a silo may take in the first two rounds.</summary>
    public static TimeSpan ShortestWait => TimeSpan.FromSeconds(5);

    /// <summary>The longest time that a silo may take.</summary>
    public static TimeSpan LongestWait => HttpBankConnector.AttemptTimeout;

    public long Retries { get; private set; }

    public ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken) =>
        AskAsync((silo, token) => silo.PerformAsync(accountId, action, token), cancellationToken);

    public ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken) =>
        AskAsync((silo, token) => silo.GetStatementAsync(accountId, token), cancellationToken);

    public ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken) =>
        AskAsync((silo, token) => silo.GetPricesAsync(token), cancellationToken);

    public void Dispose()
    {
        foreach (var silo in _silos) silo.Dispose();
        _cutOff.Dispose();
    }

    private async ValueTask<T> AskAsync<T>(Func<IBank, CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        var asked = 0;
        var wait = WaitAfter(_roundsInVain++);
        var answer = await _choice.AskAsync(_home, silo =>
        {
            if (asked++ > 0) Retries++;
            return AskOneAsync(_silos[silo], ask, wait, cancellationToken);
        });
        _roundsInVain = 0;
        return answer;
    }

    private async ValueTask<T> AskOneAsync<T>(
        IBank silo, Func<IBank, CancellationToken, ValueTask<T>> ask, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!_cutOff.TryReset())
        {
            _cutOff.Dispose();
            _cutOff = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        }

        var cutOff = _cutOff;
        cutOff.CancelAfter(wait);
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), cutOff);
        try
        {
            return await ask(silo, cutOff.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BankUnavailableException($"The bank at {silo} did not answer within {wait.TotalSeconds:0} s.", null, late);
        }
    }

    private static TimeSpan WaitAfter(int roundsInVain)
    {
        var wait = ShortestWait * Math.Pow(2, Math.Clamp(roundsInVain - 1, 0, 10));
        return wait < LongestWait ? wait : LongestWait;
    }
}
