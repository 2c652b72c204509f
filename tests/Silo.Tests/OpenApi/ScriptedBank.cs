using Banking.Accounts;
using Banking.Events;
using Banking.Gate;
using Banking.Lake;
using Banking.Repair;
using Banking.Silo.Accounts;
using Banking.Silo.Http;
using Banking.Silo.Http.V1;
using Banking.Silo.Lake;
using Banking.Silo.Tests.Streams;
using Banking.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Banking.Silo.Tests.OpenApi;

/// <summary>
/// The resource API on real Kestrel, and nothing behind it: whatever a route asks answers with the problem that the test wants. For the
/// problems that a healthy silo doesn't have.
/// </summary>
internal sealed class ScriptedBank : IAsyncDisposable, IAccountReferences, IAccountGrain, ICompactionGrain
{
    private readonly WebApplication _app;
    private Exception? _failure;
    private ActionCode _refusal;

    private ScriptedBank()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // Just above the second that Kestrel asks for.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = new(240, TimeSpan.FromSeconds(1.1)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AccountCaller(this, new BankGate(), TimeProvider.System));
        builder.Services.AddTransient(_ => _failure is null ? FakeGrains.Of(this) : throw _failure);
        builder.Services.AddTransient<LakeCompaction>();
        builder.Services.AddTransient<LakeFlush>(_ => throw _failure!);
        builder.Services.AddTransient<AccountIndex>(_ => throw _failure!);
        builder.Services.AddTransient<IRepairPart>(_ => throw _failure!);
        _app = builder.Build();
        _app.UseMiddleware<Failures>();
        _app.UseRouting();
        var v1 = _app.MapGroup("/v1");
        v1.MapAccountRoutes();
        v1.MapLedgerRoutes();
        v1.MapAssetRoutes();
        v1.MapLakeRoutes();
        v1.MapCompactionRoutes();
        v1.MapRepairRoutes();
    }

    public Uri Url => new(_app.Urls.First());

    public static async Task<ScriptedBank> StartAsync()
    {
        var bank = new ScriptedBank();
        await bank._app.StartAsync();
        return bank;
    }

    /// <summary>From now on every route comes to this problem.</summary>
    public void ComeTo(string code)
    {
        _failure = code switch
        {
            "internal_error" => new InvalidOperationException("A defect."),
            "unavailable" => new StorageReadFailedException("The file can't be read."),
            "outcome_unknown" => new OutcomeUnknownException(new TimeoutException()),
            "bank_closed" => new BankClosedException("The bank is being checked."),
            "account_set_aside" => new AccountSetAsideException("a", "The log has another event."),
            "not_flushed" => new FlushFailedException("The lake is unavailable.", null),
            _ => null,
        };
        if (_failure is null && code != "compaction_running")
            _refusal = Enum.GetValues<ActionCode>().Single(refusal => Refusals.NameOf(refusal) == code);
    }

    public IAccountGrain Get(string accountId) => this;

    public Task<ActionResult> Perform(AccountAction action) =>
        Answer(new ActionResult { Code = _refusal, OccurredAt = DateTimeOffset.UnixEpoch });

    public Task<AccountStatement?> GetStatement(RequestOrigin? origin) => Answer<AccountStatement?>(null);

    public Task<AccountLedger?> GetLedger() => Answer<AccountLedger?>(null);

    public Task PublishOutbox() => throw new NotSupportedException();

    public Task<CompactionStatus?> Start(CompactionOrder order) => Answer<CompactionStatus?>(null);

    public Task<CompactionStatus> GetStatus() => throw new NotSupportedException();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task<T> Answer<T>(T answer) => _failure is null ? Task.FromResult(answer) : Task.FromException<T>(_failure);
}
