using System.CommandLine;
using Banking.Client.Engines;
using Banking.Client.Querying.Output;
using Banking.Client.Terminals;

namespace Banking.Client.Querying.Prompt;

/// <summary><c>banking query</c>.</summary>
internal static class QueryCommand
{
    public static Command Create(Terminal terminal)
    {
        var sql = new Argument<string?>("sql")
        {
            Description = "One statement that reads, such as \"select count(*) from cash_transactions\"; - reads it from standard input. "
                + "Without it: a prompt at a terminal, else standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var format = new Option<string>("--format")
        {
            Description = "How to write the result.",
            DefaultValueFactory = _ => ResultFormats.Table,
        };
        format.AcceptOnlyFromAmong(ResultFormats.Table, ResultFormats.Csv, ResultFormats.Json);
        var zone = TimeZone();
        var expanded = new Option<bool>("--expanded", "-x")
        {
            Description = "Draw a row as a block with a column on each line, with nothing cut or left out.",
        };
        var rows = new Option<int?>("--rows")
        {
            Description = "Draw at most so many rows, and say how many there were; 0 draws all "
                + $"(default: {ResultShape.RowsAtTerminal} at a terminal, else all).",
            HelpName = "rows",
        };
        rows.AtLeast(0, int.MaxValue);
        var tables = string.Join(", ", LakeViews.All.Select(table => table.Name));
        var command = new Command("query", $"Runs SQL (DuckDB's, or Presto's) over the lake's tables: {tables}.")
        {
            sql, format, expanded, rows, zone,
        };
        var lake = new LakeOptions(command, terminal);
        command.Validators.Add(result =>
        {
            var ofTables = result.GetValue(expanded) || result.GetResult(rows) is { Implicit: false };
            if (ofTables && result.GetResult(format) is { Implicit: false } && result.GetValue(format) != ResultFormats.Table)
                result.AddError("--expanded and --rows are about tables: csv and json are always whole.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetValue(sql);
            var place = await lake.ReadAsync(parsed, cancellationToken);
            var times = new TimeText(parsed.GetValue(zone));
            var shape = new ResultShape(parsed.GetRequiredValue(format), parsed.GetValue(expanded), parsed.GetValue(rows));
            if (text is null && terminal is { Interactive: true, Listen: { } listen })
            {
                if (!terminal.MovesCursor) throw NoPrompt();
                await new QuerySession(terminal, listen(), place, times, shape).RunAsync(cancellationToken);
                return ExitCodes.Ok;
            }

            // Editors on Windows begin a file with a byte order mark.
            text = (text is null or "-" ? await terminal.In.ReadToEndAsync(cancellationToken) : text).TrimStart('\uFEFF');
            await Task.Run(() => RunAsync(terminal, text, place, times, shape, cancellationToken), cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Option<TimeZoneInfo?> TimeZone() => new("--time-zone")
    {
        Description = "Show timestamps in this zone, with its offset (default: UTC). SQL counts in UTC in any case.",
        HelpName = "Europe/Berlin",
        CustomParser = result =>
        {
            var name = result.Tokens[0].Value;
            if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var known)) return known;
            result.AddError($"--time-zone must be the name of a zone that this machine knows, such as Europe/Berlin, and not '{name}'.");
            return null;
        },
    };

    /// <summary>Runs one statement, and writes its result.</summary>
    /// <exception cref="CommandFailedException">The statement can't be answered.</exception>
    public static async Task RunAsync(
        Terminal terminal, string sql, LakePlace place, TimeText times, ResultShape shape, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = QueryEngines.Open(place, terminal, times);
            await using var result = await engine.RunAsync(sql, cancellationToken);
            await ResultFormats.WriteAsync(shape, result, terminal);
        }
        catch (QueryRefusedException refused)
        {
            throw new CommandFailedException(refused.Message, refused);
        }
    }

    private static CommandFailedException NoPrompt() =>
        new("A prompt needs a terminal whose cursor can be moved (TERM says that this one's can't); give the SQL as an argument.")
        {
            ExitCode = ExitCodes.Usage,
        };
}
