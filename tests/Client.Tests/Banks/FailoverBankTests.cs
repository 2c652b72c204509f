using Banking.Accounts;
using Banking.Client.Banks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Client.Tests.Banks;

public sealed class FailoverBankTests : IAsyncLifetime
{
    private static readonly OpenAccount Action = new("Alice") { ActionId = "a" };

    private readonly FakeTimeProvider _time = new();
    private readonly SmallBank _bank = new();
    private readonly List<BankServer> _servers = [];
    private readonly List<Uri> _urls = [];
    private readonly List<(int Silo, TimeSpan At)> _asked = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var (silo, server) = (i, await BankServer.StartAsync(_bank));
            server.Instead = _ =>
            {
                lock (_asked) _asked.Add((silo, _time.GetUtcNow() - _time.Start));
                return null;
            };
            _servers.Add(server);
            _urls.Add(server.Url);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task Perform_WhenASiloRefuses_ThenTheNextOneActs()
    {
        await _servers[0].DisposeAsync();

        var answer = await PerformAsync();

        Assert.True(answer.IsDone);
    }

    [Fact]
    public async Task Perform_WhenASiloSaysItCannotAct_ThenTheNextOneActs()
    {
        _servers[0].BeBusy = () => true;

        var answer = await PerformAsync();

        Assert.True(answer.IsDone);
        Assert.Equal([0, 1], _asked.Select(asked => asked.Silo));
    }

    [Fact]
    public async Task Perform_WhenTheAnswerIsLost_ThenTheNextOneRepeatsIt()
    {
        _servers[0].LoseAnswer = () => true;

        var answer = await PerformAsync();

        Assert.True(answer is { IsDone: true, Replayed: true, SequenceNumber: 1 });
    }

    [Fact]
    public async Task Perform_WhenASiloHangs_ThenTheNextOneActsAfterFiveSeconds()
    {
        Hang(0);
        var start = _time.GetUtcNow();

        var answer = await PerformAsync();

        Assert.True(answer.IsDone);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.GetUtcNow() - start);
    }

    [Fact]
    public async Task Perform_WhenEverySiloIsSlow_ThenLaterRoundsWaitLonger()
    {
        using var bank = new FailoverBank([new SlowBank(_time), new SlowBank(_time)], new SiloChoice(2, _time), 0, _time);
        List<double> rounds = [];

        for (var round = 0; round < 5; round++)
        {
            var start = _time.GetUtcNow();
            await Assert.ThrowsAsync<BankUnavailableException>(async () => await bank.PerformAsync("alice", Action, Token));
            rounds.Add((_time.GetUtcNow() - start).TotalSeconds);
        }

        Assert.Equal([10, 10, 20, 40, 60], rounds);
    }

    [Fact]
    public async Task Perform_WhenTheAnswerIsWrong_ThenNobodyElseIsAsked()
    {
        _servers[0].Instead = _ => http => http.Response.WriteAsync("hello");

        await Assert.ThrowsAsync<WrongAnswerException>(PerformAsync);

        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Perform_WhenItIsCancelled_ThenNobodyElseIsAsked()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _servers[0].Instead = _ => http =>
        {
            cancel.Cancel();
            return WhenAborted(http);
        };
        await using var connector = Connect();
        using var bank = connector.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await bank.PerformAsync("alice", Action, cancel.Token));

        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Open_WhenThereAreSeveralSilos_ThenLinesAreSpreadOverThem()
    {
        await using var connector = Connect();
        for (var i = 0; i < 4; i++)
        {
            using var bank = connector.Open();
            await bank.GetPricesAsync(Token);
        }

        Assert.Equal([0, 1, 0, 1], _asked.Select(asked => asked.Silo));
    }

    private HttpBankConnector Connect() => new(_urls, _time);

    private async Task<BankAnswer> PerformAsync()
    {
        await using var connector = Connect();
        using var bank = connector.Open();
        var answer = await bank.PerformAsync("alice", Action, Token);
        Assert.Equal(1, bank.Retries);
        return answer;
    }

    /// <summary>The silo takes a request and does not answer it for five seconds, nor after that.</summary>
    private void Hang(int silo) => _servers[silo].Instead = _ => http =>
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        return WhenAborted(http);
    };

    private static Task WhenAborted(HttpContext http)
    {
        var aborted = new TaskCompletionSource();
        http.RequestAborted.Register(aborted.SetResult);
        return aborted.Task;
    }

    /// <summary>Lets the clock go on until the caller has had enough.</summary>
    private sealed class SlowBank(FakeTimeProvider time) : IBank
    {
        public ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested) time.Advance(TimeSpan.FromSeconds(1));
            return ValueTask.FromCanceled<BankAnswer>(cancellationToken);
        }

        public ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
