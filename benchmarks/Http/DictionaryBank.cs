using System.Collections.Concurrent;
using System.CommandLine;
using Banking.Benchmarks.Processes;
using Banking.Silo.Http;
using Banking.Silo.Http.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Banking.Benchmarks.Http;

/// <summary>
/// The peer of <see cref="HttpBenchmark"/>: Kestrel, the silo's own reading of requests and writing of replies, and a dictionary in place
/// of everything behind them. Balances and sequence numbers are right, so that the load finds nothing wrong; nothing is durable.
/// </summary>
internal static class DictionaryBank
{
    public const string Command = "serve-dictionary";

    private static readonly ConcurrentDictionary<string, Holder> Accounts = new(StringComparer.Ordinal);

    public static Command CreateCommand()
    {
        var port = new Argument<int>("port");
        var command = new Command(Command, "The peer of http.") { port };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => ServeAsync(parsed.GetValue(port), cancellationToken));
        return command;
    }

    private static async Task ServeAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        app.Urls.Add(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        app.MapGet("/health/ready", (RequestDelegate)(_ => Task.CompletedTask));
        app.MapGet("/v1/assets", (RequestDelegate)(http => V1Reply.WriteAsync(http, [], json => json.AssetReplyArray)));
        app.MapPost("/v1/accounts", (RequestDelegate)Open);
        app.MapPost("/v1/accounts/{account_id}/deposits", (RequestDelegate)Deposit);
        await app.StartAsync(cancellationToken);
        await ParentProcess.WaitForEndAsync(cancellationToken);
        await app.StopAsync(CancellationToken.None);
    }

    private static async Task Open(HttpContext http)
    {
        var (body, _) = await V1Request.ReadAsync<OpenAccountRequest>(http);
        Accounts[body!.AccountId] = new Holder { SequenceNumber = 1 };
        await Answer(http, StatusCodes.Status201Created, 1, 0, 0);
    }

    private static async Task Deposit(HttpContext http)
    {
        var (body, _) = await V1Request.ReadAsync<MoneyRequest>(http);
        var account = Accounts[(string)http.GetRouteValue("account_id")!];
        body!.Amount.TryGetDecimal(out var amount);
        _ = ActionIds.Of(http.Request);
        _ = Origin.Of(http.Request);
        long sequence;
        decimal cash;
        lock (account)
        {
            sequence = ++account.SequenceNumber;
            cash = account.Cash += amount;
        }

        await Answer(http, StatusCodes.Status200OK, sequence, amount, cash);
    }

    private static Task Answer(HttpContext http, int status, long sequence, decimal amount, decimal cash) =>
        V1Reply.WriteAsync(
            http, new ActionReply("done", sequence, DateTime.UnixEpoch, amount, cash), json => json.ActionReply, status);

    private sealed class Holder
    {
        public long SequenceNumber { get; set; }

        public decimal Cash { get; set; }
    }
}
