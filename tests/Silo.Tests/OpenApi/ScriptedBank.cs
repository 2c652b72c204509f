using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using Banking.Accounts;
using Banking.Callers;
using Banking.Events;
using Banking.Gate;
using Banking.Lake;
using Banking.Repair;
using Banking.Silo.Accounts;
using Banking.Silo.Callers;
using Banking.Silo.Hosting;
using Banking.Silo.Http;
using Banking.Silo.Lake;
using Banking.Silo.Settings;
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
    private const string Subject = "greedy@example.com";

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
        RequestLimits.AddTo(builder, new() { PerSubject = 1, Burst = TimeSpan.FromSeconds(1) });
        builder.Services.AddCallers(new AuthSettings());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AccountCaller(this, new BankGate(), TimeProvider.System));
        builder.Services.AddTransient(_ => _failure is null ? FakeGrains.Of(this) : throw _failure);
        builder.Services.AddTransient<LakeCompaction>();
        builder.Services.AddTransient<LakeFlush>(_ => throw _failure!);
        builder.Services.AddTransient<AccountIndex>(_ => throw _failure!);
        builder.Services.AddTransient<IRepairPart>(_ => throw _failure!);
        _app = builder.Build();
        BrowserGuard.Use(_app, new HttpSettings(), hasAuthentication: false);
        _app.UseMiddleware<Failures>();
        _app.UseRouting();
        _app.Use((http, next) =>
        {
            if (http.Request.Headers.From is [{ } subject]) http.User = new(new ClaimsIdentity([new("sub", subject)]));
            return next(http);
        });
        RequestLimits.UseForCallers(_app);
        _app.MapV1();
    }

    public static async Task<ScriptedBank> StartAsync()
    {
        var bank = new ScriptedBank();
        await bank._app.StartAsync();
        return bank;
    }

    /// <summary>Brings each of the operations to a problem, and holds the reply against the document.</summary>
    /// <param name="declared">Each as <c>operation status code</c>.</param>
    public async Task Provoke(ApiDocument document, IReadOnlyList<string> declared, CancellationToken cancellationToken)
    {
        await Task.WhenAll(declared.Where(IsTooSlow).Select(problem => SendSlowly(document, problem, cancellationToken)));
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        foreach (var problem in declared.Where(problem => !IsTooSlow(problem)))
        {
            var (path, method, operation) = OperationOf(document, problem);
            var code = problem.Split(' ')[^1];
            HttpResponseMessage reply;
            do
            {
                using var request = new HttpRequestMessage(method, ApiDocument.UrlOf(path, operation));
                ComeTo(code, request);
                if (operation["requestBody"]?["content"]!["application/json"]!["example"] is { } body)
                    request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                reply = await http.SendAsync(request, cancellationToken);
            }
            while (code == Problems.TooManyRequests.Code && reply.StatusCode != HttpStatusCode.TooManyRequests);
            await document.Check(reply, cancellationToken);
        }
    }

    private static bool IsTooSlow(string problem) => problem.EndsWith(" 408 malformed", StringComparison.Ordinal);

    private static (string Path, HttpMethod Method, JsonObject Operation) OperationOf(ApiDocument document, string problem) =>
        document.Operations.Single(o => (string?)o.Operation["operationId"] == problem.Split(' ')[0]);

    // HttpClient reads nothing before it has sent everything.
    private async Task SendSlowly(ApiDocument document, string problem, CancellationToken cancellationToken)
    {
        var (template, method, operation) = OperationOf(document, problem);
        var path = ApiDocument.UrlOf(template, operation);
        var url = new Uri(_app.Urls.First());
        using var connection = new TcpClient();
        await connection.ConnectAsync(url.Host, url.Port, cancellationToken);
        var stream = connection.GetStream();
        var head = $"{method} {path} HTTP/1.1\r\nHost: bank\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync(cancellationToken)).Split("\r\n");
        var headers = lines.Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split(": ")).ToDictionary(h => h[0], h => h[1]);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        document.Check(method, path, status, MediaTypeHeaderValue.Parse(headers["Content-Type"]), headers.Keys, lines[^1]);
    }

    // From now on every route comes to this problem.
    private void ComeTo(string code, HttpRequestMessage request)
    {
        if (code == Problems.CrossOrigin.Code) request.Headers.Add("Origin", "https://evil.example");
        if (code == Problems.TooManyRequests.Code) request.Headers.From = Subject;
        if (code == Problems.UnknownHost.Code)
            (request.Headers.Host, request.Headers.Referrer) = ("evil.example", new("http://evil.example"));
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
        _refusal = Enum.GetValues<ActionCode>().SingleOrDefault(refusal => Refusals.NameOf(refusal) == code);
    }

    public IAccountGrain Get(string accountId) => this;

    public ValueTask<bool> ExistsForAsync(string accountId, Caller? caller) => new(true);

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
