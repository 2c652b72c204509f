using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>Drives the accounts of one connection, one action at a time, and checks every answer.</summary>
internal sealed class Player(
    IReadOnlyList<AccountModel> accounts,
    IActionSource actions,
    AssetList assets,
    RetryingBank bank,
    Random random,
    Journal? journal,
    Pace pace,
    TimeProvider time) : IDisposable
{
    // Replays reach back over this many of the connection's own actions: far fewer than an account remembers.
    private const int Remembered = 8;

    private readonly (AccountModel Account, AccountAction Action, BankAnswer Answer)[] _remembered =
        new (AccountModel, AccountAction, BankAnswer)[Remembered];

    private int _next;

    public LoadTally Tally { get; } = new();

    /// <summary>
    /// The first answers that were wrong, at most <see cref="LoadReport.ComplaintsShown"/>; <see cref="LoadTally.Wrong"/> counts all.
    /// </summary>
    public List<string> Complaints { get; } = [];

    public void Dispose() => bank.Dispose();

    /// <param name="replays">Whether to repeat an earlier action now and then.</param>
    /// <exception cref="BankUnavailableException">The bank stayed unavailable for too long.</exception>
    public async Task PlayAsync(long count, bool replays, CancellationToken cancellationToken)
    {
        for (long i = 0; i < count && !cancellationToken.IsCancellationRequested; i++)
        {
            await pace.WaitAsync(cancellationToken);
            var dice = replays ? random.Next(200) : int.MaxValue;
            var memory = _remembered[random.Next(Remembered)];
            if (memory.Action is null || dice > 4) await ActAsync(Pick(i), cancellationToken);
            else if (dice > 0) await RepeatAsync(memory.Account, memory.Action, memory.Answer, cancellationToken);
            else await MisuseAsync(memory.Account, memory.Action.ActionId, memory.Answer, cancellationToken);
        }
    }

    // Round robin first, so that a short load opens every account.
    private AccountModel Pick(long turn) => turn < accounts.Count ? accounts[(int)turn] : accounts[random.Next(accounts.Count)];

    private async ValueTask ActAsync(AccountModel account, CancellationToken cancellationToken)
    {
        var action = actions.Next(account, Guid.CreateVersion7(time.GetUtcNow()).ToString());
        var answer = await AskAsync(account, action, replay: false, cancellationToken);
        Complain(account, action, AnswerCheck.Apply(account, action, answer, assets));
        journal?.Add(account.Id, action.ActionId, answer);
        if (answer.IsRemembered) _remembered[_next++ % Remembered] = (account, action, answer);
    }

    private async ValueTask RepeatAsync(AccountModel account, AccountAction action, BankAnswer first, CancellationToken cancellationToken)
    {
        var retries = Tally.Retries;
        var again = await AskAsync(account, action, replay: true, cancellationToken);
        if (!first.IsDone && Tally.Retries > retries) return;
        Complain(account, action, AnswerCheck.Repeat(first, again));
    }

    /// <summary>Reuses an id for something else, which must be refused.</summary>
    private async ValueTask MisuseAsync(AccountModel account, string actionId, BankAnswer first, CancellationToken cancellationToken)
    {
        var retries = Tally.Retries;
        var action = new Deposit(1_234_567.89m) { ActionId = actionId };
        var answer = await AskAsync(account, action, replay: false, cancellationToken);
        if (!first.IsDone && Tally.Retries > retries) return;
        if (answer.Code != ActionCode.ActionIdReused)
            Complain(account, action, $"used the id of another action and was answered {ActionCodes.NameOf(answer.Code)}");
    }

    private async ValueTask<BankAnswer> AskAsync(
        AccountModel account, AccountAction action, bool replay, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var answer = await bank.PerformAsync(account.Id, action, cancellationToken);
        Tally.Count(answer.Code, time.GetElapsedTime(start), replay);
        if (bank.Retries > Tally.Retries) ForgetRefusals();
        Tally.Retries = bank.Retries;
        return answer;
    }

    // A refusal is not an event. A bank that was unavailable may have come back with a database that lacks its last moments, and only the
    // database had the refusal.
    private void ForgetRefusals()
    {
        for (var i = 0; i < _remembered.Length; i++)
        {
            if (_remembered[i].Answer is { IsDone: false }) _remembered[i] = default;
        }
    }

    private void Complain(AccountModel account, AccountAction action, string? complaint)
    {
        if (complaint is null) return;
        Tally.Wrong++;
        if (Complaints.Count < LoadReport.ComplaintsShown) Complaints.Add($"{account.Id}: {action} {complaint}");
    }
}
