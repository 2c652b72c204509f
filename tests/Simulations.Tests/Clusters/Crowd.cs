using System.Collections.Concurrent;
using System.Globalization;
using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Verifying;
using Banking.Gate;
using Banking.Silo.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// Many callers at a few accounts at once, from a seed, as the HTTP API calls for them: with keys of every form and without, up to a
/// thousand deposits at the same moment, all of different
/// amounts. Who gets no answer asks again with the same key, at once or lives later; who got one asks again now and then all the same.
/// </summary>
internal sealed class Crowd(int seed)
{
    private const int MostAtOnce = 1_000;
    private const int MostAttempts = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly string[] AccountIds = ["hot-a", "hot-b", "hot-c"];

    private readonly Random _random = new(seed);
    private readonly List<Call> _calls = [];
    private readonly ConcurrentBag<string> _complaints = [];
    private int _deposits;

    public IReadOnlyCollection<string> Complaints => _complaints;

    public int Calls => _calls.Count;

    public int Told => _calls.Count(call => call.Result is not null);

    /// <summary>What was acknowledged.</summary>
    public IEnumerable<JournalLine> Journal => _calls.Where(call => call.Result is { IsDone: true })
        .Select(
            call => new JournalLine(call.Action.ActionId, call.Account, ActionCodes.NameOf(ActionCode.Done), call.Result!.SequenceNumber));

    /// <summary>Each account is opened; goes on until that is acknowledged.</summary>
    public async Task Open(BankCluster bank, CancellationToken cancellationToken)
    {
        var calls = AccountIds
            .Select((account, i) => new Call(account, new OpenAccount("Holder " + account) { ActionId = $"open-{i}" }, mayRepeat: true))
            .ToList();
        _calls.AddRange(calls);
        await Eventually.True(
            async () =>
            {
                await AskAll(bank, calls.Where(call => call.Result is null));
                return calls.TrueForAll(call => call.Result is not null);
            },
            "the accounts are open");
    }

    /// <summary>One wave of deposits, and with them some that were made before.</summary>
    public Task Wave(BankCluster bank)
    {
        var account = AccountIds[_random.Next(AccountIds.Length)];
        var count =
            _random.Next(4) switch { 0 => 1, 1 => _random.Next(2, 40), 2 => _random.Next(40, 300), _ => _random.Next(300, MostAtOnce + 1) };
        var calls = Enumerable.Range(0, count).Select(_ => NewDeposit(account)).ToList();
        var again = _calls
            .Where(call => call.MayRepeat && _random.Next(call.Result is null ? 3 : 200) == 0)
            .Take(MostAtOnce - count)
            .ToList();
        _calls.AddRange(calls);
        return AskAll(bank, calls.Concat(again));
    }

    /// <summary>Whoever can ask again does, until all of them are told.</summary>
    /// <returns>Who was not, and what happened; empty if all were.</returns>
    public async Task<IReadOnlyList<string>> Finish(BankCluster bank)
    {
        for (var attempt = 0; ; attempt++)
        {
            var untold = _calls.Where(call => call.MayRepeat && call.Result is null).Take(MostAtOnce).ToList();
            if (untold.Count == 0) return [];
            if (attempt == MostAttempts) return [.. untold.Select(call => $"{call} is not told: {call.LastFailure}")];
            await AskAll(bank, untold);
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Whether an account acts now.</summary>
    public async Task<bool> IsServed(BankCluster bank)
    {
        var call = NewDeposit(AccountIds[0]);
        _calls.Add(call);
        await AskAll(bank, [call]);
        return call.Result is not null;
    }

    /// <summary>
    /// Every deposit that was acknowledged is in the lake once, one that was not told at most once, and one that was refused not at all.
    /// </summary>
    public IEnumerable<string> Audit(LakeReader lake)
    {
        var rows = lake.Texts("action_id", $"account_id IN ('{string.Join("', '", AccountIds)}')").GroupBy(id => id)
            .ToDictionary(group => group.Key, group => group.Count());
        foreach (var call in _calls)
        {
            var times = rows.GetValueOrDefault(call.Action.ActionId);
            var (least, most) = call.Result switch
            {
                { IsDone: true } => (1, 1),
                { Code: ActionCode.TooManyActionIds } when !call.MayHaveRun => (0, 0),
                _ => (0, 1),
            };
            if (times < least || times > most) yield return $"{call} is in the lake {times} times";
        }
    }

    // Each asks one silo or another, as clients of a load balancer do.
    private Task AskAll(BankCluster bank, IEnumerable<Call> calls)
    {
        var callers = bank.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<AccountCaller>()).ToList();
        return Task.WhenAll(calls.Select(call => (Call: call, Caller: callers[_random.Next(callers.Count)])).ToList()
            .Select(asked => Task.Run(() => Ask(asked.Caller, asked.Call))));
    }

    private async Task Ask(AccountCaller caller, Call call)
    {
        try
        {
            if (call.Take(await caller.PerformAsync(call.Account, call.Action, CancellationToken.None)) is { } complaint)
            {
                _complaints.Add(complaint);
            }
        }
        catch (Exception e) when (e is OutcomeUnknownException or IOException)
        {
            (call.MayHaveRun, call.LastFailure) = (true, e);
        }
        catch (BankClosedException e)
        {
            // It did not run this time.
            call.LastFailure = e;
        }
    }

    private Call NewDeposit(string account)
    {
        var number = ++_deposits;
        var (key, mayRepeat) = _random.Next(6) switch
        {
            // An id that the silo makes: nobody knows it to ask again.
            0 => (Guid.CreateVersion7().ToString(), false),
            1 => (Guid.CreateVersion7().ToString(), true),
            2 => (Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddHours(_random.Next(-48, 48))).ToString(), true),
            3 => (Guid.NewGuid().ToString(), true),
            4 => (string.Create(CultureInfo.InvariantCulture, $"order-{number}"), true),
            _ => (string.Create(CultureInfo.InvariantCulture, $"{number:D6}") + new string('~', 122), true),
        };
        return new Call(account, new Deposit(number / 100m) { ActionId = key }, mayRepeat);
    }

    /// <summary>One caller with one action, however often it asks.</summary>
    private sealed class Call(string account, AccountAction action, bool mayRepeat)
    {
        public string Account => account;

        public AccountAction Action => action;

        /// <summary>Whether the caller knows the id.</summary>
        public bool MayRepeat => mayRepeat;

        /// <summary>The first answer that says more than to try again.</summary>
        public ActionResult? Result { get; private set; }

        /// <summary>An attempt was not answered.</summary>
        public bool MayHaveRun { get; set; }

        public Exception? LastFailure { get; set; }

        /// <returns>What is wrong with the answer; null if nothing is.</returns>
        public string? Take(ActionResult answer)
        {
            switch (answer.Code)
            {
                case ActionCode.TooManyUnpublishedEvents:
                    LastFailure = new IOException("Too many unpublished events.");
                    return null;
                case ActionCode.ActionTooOld or ActionCode.ActionForgotten or ActionCode.TooManyActionIds:
                    Result ??= answer;
                    return null;
                case not ActionCode.Done:
                    return $"{this} was answered {answer.Code}";
            }

            var first = Result ??= answer;
            return first.IsDone && (first.SequenceNumber, first.Amount, first.OccurredAt) != (
                answer.SequenceNumber, answer.Amount, answer.OccurredAt)
                ? $"{this} was answered {answer}"
                : null;
        }

        public override string ToString() => $"{action} at {account}, first answered {Result?.ToString() ?? "with nothing"},";
    }
}
