using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>
/// Reports once, within two seconds, that a bank does not answer while the command goes on asking, and once that it answers again. A
/// question lasts as long as it is asked, including all its retries. Safe for concurrent use.
/// </summary>
internal sealed class AnswerWatch : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Bearable = TimeSpan.FromMilliseconds(1_500);

    private readonly string _whom;
    private readonly Action<string> _say;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long? _since;
    private string? _reason;

    /// <param name="whom">The bank's addresses.</param>
    /// <param name="say">Gets the sentences, one at a time.</param>
    public AnswerWatch(string whom, Action<string> say, TimeProvider time)
    {
        (_whom, _say, _time) = (whom, say, time);
        _timer = time.CreateTimer(static watch => ((AnswerWatch)watch!).Look(), this, Beat, Beat);
    }

    /// <summary>What is wrong; null while the bank answers.</summary>
    public string? Silence { get; private set; }

    /// <summary>Notes that a question begins; it ends with <see cref="Answered"/> or <see cref="GivenUp"/>.</summary>
    public void Asked()
    {
        lock (_lock) _since ??= _time.GetTimestamp();
    }

    /// <summary>Notes that an attempt at a question failed, and that it is asked again.</summary>
    public void Failed(string reason)
    {
        lock (_lock) _reason = reason;
    }

    public void Answered()
    {
        lock (_lock)
        {
            (_since, _reason) = (null, null);
            if (Silence is null) return;
            Silence = null;
            _say($"{_whom} answers again.");
        }
    }

    public void GivenUp()
    {
        lock (_lock) (_since, _reason, Silence) = (null, null, null);
    }

    /// <summary>Asks one question.</summary>
    public async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask)
    {
        Asked();
        try
        {
            var answer = await ask();
            Answered();
            return answer;
        }
        catch (Exception)
        {
            GivenUp();
            throw;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            if (Silence is not null || _since is not { } since || _time.GetElapsedTime(since) < Bearable) return;
            Silence = _reason ?? $"No answer from {_whom}.";
            _say($"{Silence} Still trying; Ctrl-C ends it.");
        }
    }
}

/// <summary>A line to the bank whose questions are watched.</summary>
/// <param name="bank">Disposed with this.</param>
internal sealed class WatchedBank(IBank bank, AnswerWatch watch) : IBank
{
    public long Retries => bank.Retries;

    public ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken) =>
        watch.AskAsync(() => bank.PerformAsync(accountId, action, cancellationToken));

    public ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken) =>
        watch.AskAsync(() => bank.GetStatementAsync(accountId, cancellationToken));

    public ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken) =>
        watch.AskAsync(() => bank.GetPricesAsync(cancellationToken));

    public void Dispose() => bank.Dispose();
}
