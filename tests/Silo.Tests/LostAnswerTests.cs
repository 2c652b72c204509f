using System.Net;
using System.Text;
using Banking.Accounts;
using Banking.Servers.PostgreSql;
using Banking.Silo.Hosting;
using Banking.Storage.Tests.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Banking.Silo.Tests;

/// <summary>
/// The whole program on a PostgreSQL whose answers get lost after it committed, and 200 callers of one account that send no key.
/// </summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private const int Callers = 200;
    private const int DepositsOfCaller = 10;

    private readonly TemporaryFolder _folder = new();
    private string _database = null!;
    private CuttingProxy _proxy = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.Create();
        _proxy = new CuttingProxy(new NpgsqlConnectionStringBuilder(_database).Port);
        var behind = new NpgsqlConnectionStringBuilder(_database) { Port = _proxy.Port }.ToString();
        _app = BankingApplication.Create(
            [.. SiloFixture.Arguments(_folder.Path), "--Banking:Storage:PostgreSql", behind, "--Logging:LogLevel:Default", "None"]);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
        await Eventually.True(async () => (await _http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _proxy.Heal();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _proxy.DisposeAsync();
        await Databases.Drop(_database);
        _folder.Dispose();
    }

    [Fact]
    public async Task Deposit_WhenAnswersOfCommittedBatchesAreLost_ThenWhatIsAcknowledgedIsAppliedOnce()
    {
        Assert.Equal(HttpStatusCode.Created, await Post("/v1/accounts", """{"account_id":"hot","full_name":"Ann Example"}"""));
        var (done, unknown, cuts) = (0, 0, 0);

        async Task Deposit()
        {
            for (var i = 0; i < DepositsOfCaller; i++)
            {
                var status = await Post("/v1/accounts/hot/deposits", """{"amount":1}""");
                if (status == HttpStatusCode.OK)
                {
                    if (Interlocked.Increment(ref done) % Callers != 0) continue;
                    _proxy.CutBeforeNextAnswer();
                    cuts++;
                }
                else
                {
                    // Its outcome is not known, or the outbox is full and it did not run; nobody is told that it was refused for its key.
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
                    Interlocked.Increment(ref unknown);
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Deposit()));

        _proxy.Heal();
        var account = _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>("hot");
        AccountLedger? ledger = null;
        await Eventually.True(async () => (ledger = await LedgerOf(account)) is not null);
        Assert.True(cuts >= 3, $"{cuts} answers were lost, {done} deposits acknowledged, {unknown} not");
        Assert.InRange(ledger!.Cash, done, done + unknown);
        Assert.Equal(ledger.Cash, ledger.SequenceNumber - 1);
    }

    private static async Task<AccountLedger?> LedgerOf(IAccountGrain account)
    {
        try
        {
            return await account.GetLedger();
        }
        catch (AccountReloadException)
        {
            // The last cut was just now: the account is being loaded again.
            return null;
        }
    }

    private async Task<HttpStatusCode> Post(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
