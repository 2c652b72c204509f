using System.CommandLine;
using System.Net;
using Banking.Client.Banks;
using Banking.Client.Terminals;

namespace Banking.Client.Loading;

/// <summary><c>banking load</c>.</summary>
internal static class LoadCommand
{
    // The 49.7 days that a timer can wait, in whole hours.
    private const string LongestTimer = "1193h";

    public static Command Create(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var gateway = CommonOptions.Gateway();
        var accounts = new Option<int>("--accounts") { Description = "How many accounts to play with.", DefaultValueFactory = _ => 1_000 };
        var actions =
            new Option<long?>("--actions") { Description = "How many actions in all (default: 100000, unless --duration is given)." };
        var duration = CommonOptions.Time("--duration", "Go on for this long.", "1ms", LongestTimer);
        var rate = new Option<int?>("--rate")
        {
            Description = "At most so many actions a second, of all connections together (default: as many as are answered).",
            HelpName = "actions/s",
        };
        var connections =
            new Option<int>("--connections")
            {
                Description = "Connections; each drives accounts of its own.",
                DefaultValueFactory = _ => 32
            };
        var seed = new Option<int>("--seed") { Description = "The same seed makes the same choices.", DefaultValueFactory = _ => 1 };
        var prefix = new Option<string?>("--ids-prefix")
        {
            Description = "Account ids are PREFIX-0, PREFIX-1, ...; accounts that exist are used on (default: new accounts for each load).",
        };
        var depositsOnly = new Option<bool>("--deposits-only") { Description = "Open the accounts and then only deposit: for benchmarks." };
        var giveUp = CommonOptions.GiveUpAfter("How long to ask again while the bank is away (default: 2m).");
        var journal =
            new Option<string?>("--journal")
            {
                Description = "Append every acknowledged action to this file, for verify --journal.",
                HelpName = "file"
            };
        accounts.AtLeast(1, 100_000_000);
        connections.AtLeast(1, 10_000);
        rate.AtLeast(1, 1_000_000);
        var command = new Command("load", "Plays random legal and illegal actions, checks every answer, and prints rates and latencies.")
        {
            accounts, actions, duration, rate, connections, seed, url, gateway, giveUp, journal, prefix, depositsOnly,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var plan = new LoadPlan(
                parsed.GetValue(accounts),
                parsed.GetValue(actions) ?? (parsed.GetValue(duration) is null ? 100_000 : null),
                parsed.GetValue(duration),
                parsed.GetValue(connections),
                parsed.GetValue(seed),
                parsed.GetValue(prefix) ?? NewPrefix(terminal.Time),
                parsed.GetValue(prefix) is not null,
                parsed.GetValue(depositsOnly),
                parsed.GetValue(giveUp) ?? TimeSpan.FromMinutes(2),
                parsed.GetValue(rate));
            CheckUsage(plan);
            return RunAsync(
                terminal, plan, parsed.GetRequiredValue(url), parsed.GetRequiredValue(gateway), parsed.GetValue(journal),
                cancellationToken);
        });
        return command;
    }

    private static void CheckUsage(LoadPlan plan)
    {
        if (plan.Connections > plan.Accounts)
            throw new CommandFailedException(
                "--connections must not be above --accounts: each connection drives accounts of its own.")
            { ExitCode = ExitCodes.Usage };
        if (plan.Actions <= 0) throw new CommandFailedException("--actions must be above 0.") { ExitCode = ExitCodes.Usage };
    }

    private static async Task<int> RunAsync(
        Terminal terminal, LoadPlan plan, Uri[] urls, DnsEndPoint[] gateways, string? journalPath, CancellationToken cancellationToken)
    {
        var drawn = false;
        using var watch = BankConnectors.Watch(urls, gateways, terminal, () => drawn);
        await using var connector = await BankConnectors.ConnectAsync(urls, gateways, terminal, watch, cancellationToken);
        using var journal = journalPath is null ? null : new Journal(journalPath);
        var run = new LoadRun(plan, connector, journal, terminal.Time, watch);
        var progress = Task.CompletedTask;
        LoadResult result;
        try
        {
            result = await run.RunAsync(
                playing =>
                {
                    drawn = terminal.Progress;
                    progress = new LoadProgress(terminal, plan, () => run.Answered, () => watch.Silence, () => journal?.Flush())
                        .ShowAsync(playing);
                },
                cancellationToken);
        }
        catch (Exception failure) when (failure is BankUnavailableException or WrongAnswerException)
        {
            throw new CommandFailedException(failure.Message, failure);
        }

        await progress;
        foreach (var line in LoadReport.Lines(plan, result)) await terminal.WriteLineAsync(line);
        if (result.Failure is not null) throw new CommandFailedException(result.Failure);
        return result.Cancelled ? ExitCodes.Cancelled : result.Tally.Wrong > 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }

    // A UUIDv7 begins with the time: later loads sort after earlier ones, and no two are the same.
    private static string NewPrefix(TimeProvider time) => "load-" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[..20];
}
