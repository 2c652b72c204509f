using System.CommandLine;
using System.Globalization;
using Banking.Client.Banks;
using Banking.Client.Engines;
using Banking.Client.Engines.Presto;
using Banking.Client.Querying;
using Banking.Client.Terminals;

namespace Banking.Client.Verifying;

/// <summary><c>banking verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var journals = new Option<string[]>("--journal")
        {
            Description =
                "A file that load --journal wrote: every action acknowledged in it must be in the lake exactly once. May be given several "
                    + "times.",
            HelpName = "file",
        };
        var giveUp = CommonOptions.GiveUpAfter("How long to ask again while the bank is away (default: 30s).");
        var command = new Command(
            "verify", "Checks that the lake and the bank's books agree, also while the bank is working; exits 1 with what it found if not.")
        {
            url, journals, giveUp,
        };
        var lake = new LakeOptions(command, terminal);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var urls = parsed.GetRequiredValue(url);
            // The bar shows what the watch would say.
            using var watch = BankConnectors.Watch(urls, [], terminal, () => terminal.Progress);
            using var books = new BankBooks(
                urls, parsed.GetValue(giveUp) ?? TimeSpan.FromSeconds(30), terminal.Time, watch, BankKey.Of(terminal));
            using IAuditedLake audited = (await lake.ReadAsync(parsed, cancellationToken)) switch
            {
                { Presto: { } server } => new QueriedLake(new PrestoLake(server, terminal with { Progress = false }, TimeText.Utc)),
                var place => new FolderLake(place.Folder),
            };
            var progress = new VerifyProgress(terminal, () => watch.Silence);
            var verification = new Verification(books, audited, parsed.GetValue(journals) ?? [], progress);
            var verdict = await progress.ShowAsync(
                verification.Steps, () => Task.Run(() => verification.RunAsync(cancellationToken), cancellationToken));
            return await ReportAsync(terminal, verdict);
        });
        return command;
    }

    private static async Task<int> ReportAsync(Terminal terminal, Verdict verdict)
    {
        foreach (var finding in verdict.Findings)
        {
            await terminal.Out.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"BROKEN: {finding.Broken} ({finding.Count:N0} found)"));
            foreach (var example in finding.Examples) await terminal.WriteLineAsync("  " + example);
            if (finding.Count > finding.Examples.Count) await terminal.Out.WriteLineAsync("  ...");
        }

        await terminal.Out.WriteLineAsync(
            verdict.Findings.Count == 0 ? $"All is well: {verdict.Summary}." : $"Not well: {verdict.Summary}.");
        return verdict.Findings.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
