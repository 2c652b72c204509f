using Banking.Accounts;
using Banking.Callers;
using Banking.Recovery;

namespace Banking.Grains.Tests.Accounts;

/// <summary>Whose account it is, as the rules say it.</summary>
public sealed class AccountAccessTests
{
    private static readonly Caller Alice = Of("alice", CallerRole.Player);
    private static readonly Caller Bob = Of("bob", CallerRole.Player);
    private static readonly Caller Server = new(new CallerId(CallerId.Keys, "k1"), CallerRole.Server);
    private static readonly Caller Operator = Of("olga", CallerRole.Operator);
    private static readonly Caller Analyst = Of("ann", CallerRole.Analyst);

    public static TheoryData<string> ActionsOfOpenAccounts => ["deposit", "withdraw", "buy", "sell", "delete"];

    [Fact]
    public void Open_WhenACallerDoes_ThenTheAccountIsTheirs()
    {
        var account = OpenedBy(Alice);

        Assert.Equal(Alice.Id, account.State.Owner);
        Assert.Equal(Alice.Id, Assert.Single(account.State.Outbox).Owner);
        Assert.True(account.Do(account.Deposit(5)).IsDone);
    }

    [Fact]
    public void Open_WhenNobodyIsAskedWhoTheyAre_ThenItIsNobodys() => Assert.Null(OpenedBy(null).State.Owner);

    [Theory]
    [MemberData(nameof(ActionsOfOpenAccounts))]
    public void Perform_WhenTheAccountIsAnothers_ThenTheAnswerIsThatOfAnUnknownOne(string name)
    {
        var account = OpenedBy(Alice);
        account.Do(account.Deposit(500));
        var (before, none) = (account.State, new Player());
        foreach (var stranger in new[] { Bob, Analyst, Alice with { Id = Alice.Id with { Issuer = "https://other.example" } } })
        {
            (account.Caller, none.Caller) = (stranger, stranger);
            var action = ActionOf(account, name);

            Assert.Equal(none.Do(action, Player.QuoteOf()), account.Do(action, Player.QuoteOf()));
            Assert.Equal(ActionCode.AccountUnknown, account.Last.Result.Code);
            Assert.Equal(none.Last, account.Last);
            Assert.Same(before, account.State);
        }
    }

    [Theory]
    [MemberData(nameof(ActionsOfOpenAccounts))]
    public void Perform_WhenTheCallerIsAServer_ThenItActsOnEveryAccount(string name)
    {
        var account = OpenedBy(Alice);
        account.Do(account.Deposit(500));
        account.Do(account.Buy(1), Player.QuoteOf());
        account.Caller = Server;

        Assert.True(account.Do(ActionOf(account, name), Player.QuoteOf()).IsDone);
    }

    [Fact]
    public void Perform_WhenAnotherRepeatsAKnownId_ThenNothingIsTold()
    {
        var account = OpenedBy(Alice);
        var deposit = account.Deposit(5);
        account.Do(deposit);
        account.Caller = Bob;

        Assert.Equal(new ActionResult { Code = ActionCode.AccountUnknown, OccurredAt = Player.Start }, account.Do(deposit));
    }

    [Fact]
    public void Perform_WhenTheAccountIsSetAsideFullOrDeleted_ThenAnotherIsNotTold()
    {
        foreach (var state in new AccountState[]
            {
                OpenedBy(Alice).State with { SetAside = "It is broken." },
                OpenedBy(Alice).State with { IsOpen = false },
                OpenedBy(Alice).State with { Outbox = [.. Enumerable.Repeat(OpenedBy(Alice).State.Outbox[0], 256)] },
            })
        {
            var account = new Player { State = state, Caller = Bob };

            Assert.Equal(ActionCode.AccountUnknown, account.Do(account.Deposit(1)).Code);
        }
    }

    [Fact]
    public void Open_WhenTheIdIsAnothers_ThenItIsTakenWhetherOpenOrDeleted()
    {
        var account = OpenedBy(Alice);
        account.Caller = Bob;
        Assert.Equal(new ActionResult { Code = ActionCode.AccountExists, OccurredAt = Player.Start }, account.Do(account.Open()));
        account.Caller = Alice;
        account.Do(account.Delete());
        account.Caller = Bob;

        Assert.Equal(ActionCode.AccountExists, account.Do(account.Open()).Code);
        Assert.False(account.Last.ChangesState);
        account.Caller = Alice;
        Assert.True(account.Do(account.Open()).IsDone);
    }

    [Fact]
    public void Open_WhenAServerOpensItAgain_ThenItStaysItsOwners()
    {
        var account = OpenedBy(Alice);
        account.Do(account.Delete());
        account.Caller = Server;
        account.Do(account.Open());

        Assert.Equal(Alice.Id, account.State.Owner);
    }

    [Fact]
    public void Perform_WhenTheAccountHasNoOwner_ThenOnlyServersAct()
    {
        var account = OpenedBy(null);
        foreach (var (caller, code) in new[]
            {
                (Alice, ActionCode.AccountUnknown), (Analyst, ActionCode.AccountUnknown), (Operator, ActionCode.NotAllowed),
                (Server, ActionCode.Done),
            })
        {
            account.Caller = caller;
            Assert.Equal(code, account.Do(account.Deposit(1)).Code);
        }
    }

    [Fact]
    public void MayRead_WhenAsked_ThenOwnersServersAndOperatorsDo()
    {
        var state = OpenedBy(Alice).State;

        Assert.All(new[] { null, Alice, Server, Operator }, caller => Assert.True(AccountAccess.MayRead(state, caller)));
        Assert.All(new[] { Bob, Analyst }, caller => Assert.False(AccountAccess.MayRead(state, caller)));
        Assert.False(AccountAccess.MayRead(OpenedBy(null).State, Alice));
    }

    [Fact]
    public void Assign_WhenAnOperatorDoes_ThenTheNewOwnerActsAndTheOldOneDoesNot()
    {
        var account = OpenedBy(Alice);
        account.Do(account.Deposit(5));
        account.Caller = Operator;

        var result = account.Do(new AssignAccount(Bob.Id.Issuer, Bob.Id.Subject) { ActionId = "assign" });

        Assert.Equal((ActionCode.Done, 3L, 5m), (result.Code, result.SequenceNumber, result.CashBalance));
        Assert.Equal(Bob.Id, account.State.Owner);
        account.Caller = Bob;
        Assert.True(account.Do(account.Withdraw(1)).IsDone);
        account.Caller = Alice;
        Assert.Equal(ActionCode.AccountUnknown, account.Do(account.Withdraw(1)).Code);
    }

    [Fact]
    public void Assign_WhenAnybodyElseDoes_ThenRefused()
    {
        var account = OpenedBy(Alice);
        foreach (var (caller, code) in new[]
            {
                (Alice, ActionCode.NotAllowed), (Server, ActionCode.NotAllowed), (Bob, ActionCode.AccountUnknown),
                (Analyst, ActionCode.AccountUnknown),
            })
        {
            account.Caller = caller;
            Assert.Equal(code, account.Do(new AssignAccount("https://id.example", "mallory") { ActionId = account.NextId() }).Code);
        }

        Assert.Equal(Alice.Id, account.State.Owner);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("https://id example", "x")]
    [InlineData("https://id.example", " ")]
    [InlineData("https://id.example", "a\nb")]
    [InlineData(null, null)]
    public void Assign_WhenTheOwnerIsMalformed_ThenRefused(string? issuer, string? subject)
    {
        var account = OpenedBy(Alice);
        account.Caller = Operator;

        Assert.Equal(ActionCode.InvalidOwner, account.Do(new AssignAccount(issuer!, subject!) { ActionId = "a" }).Code);
    }

    [Fact]
    public void TakeIn_WhenTheAccountIsBuiltFromItsEvents_ThenItHasItsOwner()
    {
        var account = OpenedBy(Alice);
        account.Caller = Operator;
        account.Do(new AssignAccount(Bob.Id.Issuer, Bob.Id.Subject) { ActionId = "assign" });
        account.Caller = Bob;
        account.Do(account.Deposit(7));

        var rebuilt = new AccountState();
        foreach (var happened in account.State.Outbox)
            Assert.Equal(Intake.Taken, AccountHistory.TakeIn(rebuilt, happened, account.Options, out rebuilt, out _));

        Assert.Equal(account.State with { Outbox = [], Memory = rebuilt.Memory }, rebuilt with { Positions = account.State.Positions });
    }

    [Fact]
    public void TakeIn_WhenTheEventsDontTellTheOwner_ThenItIsNobodys()
    {
        var account = OpenedBy(Alice);
        account.Caller = Operator;
        account.Do(new AssignAccount(Bob.Id.Issuer, Bob.Id.Subject) { ActionId = "assign" });

        var rebuilt = new AccountState();
        foreach (var happened in account.State.Outbox)
            AccountHistory.TakeIn(rebuilt, happened with { Owner = null, Holder = null }, account.Options, out rebuilt, out _);

        Assert.Equal((2L, null), (rebuilt.SequenceNumber, rebuilt.Owner));
    }

    private static Caller Of(string subject, CallerRole role) => new(new CallerId("https://id.example", subject), role);

    private static Player OpenedBy(Caller? caller)
    {
        var player = new Player { Caller = caller };
        Assert.True(player.Do(player.Open()).IsDone);
        return player;
    }

    private static AccountAction ActionOf(Player player, string name) => name switch
    {
        "deposit" => player.Deposit(1),
        "withdraw" => player.Withdraw(1),
        "buy" => player.Buy(1),
        "sell" => player.Sell(1),
        _ => player.Delete(),
    };
}
