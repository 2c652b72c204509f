using System.CommandLine;
using System.Globalization;
using Banking.Client.Banks;
using Banking.Client.Querying;
using Banking.Client.Terminals;

namespace Banking.Client.Compacting;

/// <summary><c>banking compact</c>.</summary>
internal static class CompactCommand
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(250);

    public static Command Create(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var table = new Option<string?>("--table") { Description = "Only this table.", HelpName = "table" };
        table.AcceptOnlyFromAmong([.. LakeViews.All.Select(known => known.Name)]);
        var day = new Option<DateOnly?>("--day")
        {
            Description = "Only this day, before today (UTC).",
            HelpName = "yyyy-MM-dd",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
                {
                    return parsed;
                }
                result.AddError($"--day must be a day as yyyy-MM-dd, not '{text}'.");
                return null;
            },
        };
        var command = new Command(
            "compact",
            "Turns the small files of the lake's past days into few large ones, while queries see every row.") { table, day, url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var calls = new CompactionCalls(parsed.GetRequiredValue(url), terminal.Time, BankKey.Of(terminal));
            try
            {
                return await RunAsync(
                    terminal, calls, parsed.GetValue(table), parsed.GetValue(day)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    cancellationToken);
            }
            catch (BankUnavailableException away)
            {
                throw new CommandFailedException(away.Message, away);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, CompactionCalls calls, string? table, string? day, CancellationToken cancellationToken)
    {
        var progress = new CompactionProgress(terminal, AskEvery);
        CompactionState? begun;
        while ((begun = await calls.StartAsync(table, day, cancellationToken)) is null)
        {
            await terminal.Error.WriteLineAsync("A compaction is under way already; this one begins when it has ended.");
            await progress.ShowAsync(await calls.GetAsync(cancellationToken), () => calls.GetAsync(cancellationToken));
        }

        var ended = await progress.ShowAsync(begun, async () =>
        {
            var state = await calls.GetAsync(cancellationToken);
            return state.Id == begun.Id ? state : throw new CommandFailedException(
                "The silo that compacted has ended, or began another compaction. Nothing is lost; start it again.");
        });
        foreach (var line in Lines(ended)) await terminal.WriteLineAsync(line);
        return ended.Failure is null ? ExitCodes.Ok : throw new CommandFailedException($"The compaction ended early: {ended.Failure}");
    }

    internal static IEnumerable<string> Lines(CompactionState state)
    {
        foreach (var sentence in state.Skipped) yield return "Left as it is: " + sentence;
        yield return state.DaysCompacted == 0
            ? "There was nothing to compact."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Compacted {state.DaysCompacted:N0} days of tables in {state.Seconds:N1} s: {state.FilesBefore:N0} files of "
                    + $"{Megabytes(state.BytesBefore)} became {state.FilesAfter:N0} of {Megabytes(state.BytesAfter)}, {state.Rows:N0} "
                    + $"rows.");
        if (state.Removed > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Removed {state.Removed:N0} files and folders whose grace period was over.");
        }
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");
}
