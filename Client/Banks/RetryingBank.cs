using Banking.Accounts;
using Polly;
using Polly.Retry;

namespace Banking.Client.Banks;

/// <summary>
/// Tries the same action again, with growing pauses and jitter, while the bank is unavailable or can't act, for at most a given time. An
/// action that succeeds at the first try costs nothing extra.
/// </summary>
internal sealed class RetryingBank : IDisposable
{
    private readonly IBank _bank;
    private readonly AnswerWatch? _watch;
    private readonly ResiliencePipeline<BankAnswer> _retrying;
    private long _retries;

    /// <param name="bank">Disposed with this.</param>
    /// <param name="giveUpAfter">The total time that an action may take.</param>
    /// <param name="random">For the jitter; used by this instance only.</param>
    /// <param name="watch">Is told about questions and answers.</param>
    public RetryingBank(IBank bank, TimeSpan giveUpAfter, Random random, TimeProvider time, AnswerWatch? watch = null)
    {
        _bank = bank;
        _watch = watch;
        _retrying = new ResiliencePipelineBuilder<BankAnswer> { TimeProvider = time }
            .AddTimeout(giveUpAfter)
            .AddRetry(new RetryStrategyOptions<BankAnswer>
            {
                ShouldHandle = new PredicateBuilder<BankAnswer>().Handle<BankUnavailableException>().HandleResult(
                    answer => answer.IsForNow),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromSeconds(3),
                UseJitter = true,
                Randomizer = random.NextDouble,
                DelayGenerator = attempt => new ValueTask<TimeSpan?>((attempt.Outcome.Exception as BankUnavailableException)?.RetryAfter),
            })
            .Build();
    }

    /// <summary>How often an action was tried again, at the same silo or another.</summary>
    public long Retries => _retries + _bank.Retries;

    public void Dispose() => _bank.Dispose();

    /// <exception cref="BankUnavailableException">The time was up.</exception>
    /// <exception cref="WrongAnswerException">The bank broke its contract.</exception>
    public ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken) =>
        _watch is null
            ? AskAsync(accountId, action, cancellationToken)
            : _watch.AskAsync(() => AskAsync(accountId, action, cancellationToken));

    private async ValueTask<BankAnswer> AskAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
    {
        string? reason = null;
        try
        {
            var answer = await _bank.PerformAsync(accountId, action, cancellationToken);
            if (!answer.IsForNow) return answer;
            _watch?.Failed($"The bank asks for patience ({ActionCodes.NameOf(answer.Code)}).");
        }
        catch (BankUnavailableException away)
        {
            reason = away.Message;
            _watch?.Failed(reason);
        }

        try
        {
            return await _retrying.ExecuteAsync(
                async token =>
                {
                    _retries++;
                    try
                    {
                        return await _bank.PerformAsync(accountId, action, token);
                    }
                    catch (BankUnavailableException away)
                    {
                        reason = away.Message;
                        _watch?.Failed(reason);
                        throw;
                    }
                },
                cancellationToken);
        }
        catch (Polly.Timeout.TimeoutRejectedException late)
        {
            throw new BankUnavailableException(
                $"Gave up on action {action.ActionId} of {accountId}: {reason ?? "the bank kept asking for patience."}", null, late);
        }
    }
}
