using Banking.Accounts;
using Banking.Callers;
using Banking.Events;
using Banking.Gate;
using Banking.Recovery;
using Banking.Silo.Accounts;
using Banking.Silo.Http;

namespace Banking.Silo.Tests;

/// <summary>A call that is made again after its outcome was unknown: whatever the later attempts come to, the first may have run.</summary>
public sealed class AccountCallerTests
{
    private static readonly Deposit Deposit = new(5) { ActionId = "retried" };

    public static TheoryData<Exception> Refusals =>
    [
        new AccountSetAsideException("ann", "Log and storage contradict each other."),
        new BankClosedException("Nobody may act."),
        new InvalidOperationException("A defect."),
    ];

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task Perform_WhenARetryIsRefused_SaysThatTheOutcomeIsUnknown(Exception refusal)
    {
        var account = new ScriptedAccount(new TimeoutException(), refusal);

        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => Caller(account).PerformAsync("ann", Deposit, TestContext.Current.CancellationToken));

        Assert.Same(refusal, failure.InnerException);
        Assert.Equal(2, account.Calls);
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task Perform_WhenTheFirstAttemptIsRefused_SaysWhy(Exception refusal)
    {
        var account = new ScriptedAccount(refusal);

        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => Caller(account).PerformAsync("ann", Deposit, TestContext.Current.CancellationToken));

        Assert.Same(refusal, failure);
        Assert.Equal(1, account.Calls);
    }

    [Fact]
    public async Task Perform_WhenARetryIsAnswered_GivesItsAnswer()
    {
        var account = new ScriptedAccount(new TimeoutException(), new OrleansException("The silo died."));

        var result = await Caller(account).PerformAsync("ann", Deposit, TestContext.Current.CancellationToken);

        Assert.Equal(ActionCode.Done, result.Code);
        Assert.Equal(3, account.Calls);
    }

    [Fact]
    public async Task Perform_ForAPlayerToWhomTheAccountDoesNotExist_RefusesWithoutACallOfIt()
    {
        var account = new ScriptedAccount { Exists = false };
        Banking.Callers.Caller.Current = new Caller(new CallerId("https://id.example", "bob"), CallerRole.Player);

        var result = await Caller(account).PerformAsync("ann", Deposit, TestContext.Current.CancellationToken);

        Assert.Equal((ActionCode.AccountUnknown, 0), (result.Code, account.Calls));
    }

    private static AccountCaller Caller(ScriptedAccount account)
    {
        var gate = new BankGate();
        gate.Set(new BankStatus(BankStage.Checked, "test00000000", null, 0));
        return new AccountCaller(account, gate, TimeProvider.System);
    }

    /// <summary>Fails as it is told, call by call, and then performs.</summary>
    private sealed class ScriptedAccount(params Exception[] failures) : IAccountReferences, IAccountGrain
    {
        public int Calls { get; private set; }

        public bool Exists { get; init; } = true;

        public IAccountGrain Get(string accountId) => this;

        public ValueTask<bool> ExistsForAsync(string accountId, Caller? caller) => new(Exists);

        public Task<ActionResult> Perform(AccountAction action)
        {
            var call = Calls++;
            return call < failures.Length
                ? Task.FromException<ActionResult>(failures[call])
                : Task.FromResult(new ActionResult { Code = ActionCode.Done, OccurredAt = DateTimeOffset.UnixEpoch });
        }

        public Task<AccountStatement?> GetStatement(RequestOrigin? origin) => throw new NotSupportedException();

        public Task<AccountLedger?> GetLedger() => throw new NotSupportedException();

        public Task PublishOutbox() => throw new NotSupportedException();
    }
}
