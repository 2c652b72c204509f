using System.CommandLine;

namespace Banking.Client.Querying;

/// <summary><c>banking query</c>.</summary>
internal static class QueryCommand
{
    public static Command Create(Terminal terminal)
    {
        var sql = new Argument<string>("sql") { Description = "One statement that reads, such as \"select count(*) from cash_transactions\"; - reads it from standard input." };
        var lake = CommonOptions.Lake();
        var format = new Option<string>("--format") { Description = "How to write the result.", DefaultValueFactory = _ => ResultFormats.Table };
        format.AcceptOnlyFromAmong(ResultFormats.Table, ResultFormats.Csv, ResultFormats.Json);
        var tables = string.Join(", ", LakeTables.All.Select(table => table.Name));
        var command = new Command("query", $"Runs SQL (DuckDB's) over the lake's tables: {tables}.") { sql, lake, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetRequiredValue(sql);
            if (text == "-") text = await terminal.In.ReadToEndAsync(cancellationToken);
            return await Task.Run(() => Run(terminal, text, parsed.GetRequiredValue(lake), parsed.GetRequiredValue(format), cancellationToken), cancellationToken);
        });
        return command;
    }

    private static int Run(Terminal terminal, string sql, string lake, string format, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = QueryEngines.Open(lake);
            using var result = engine.Run(sql, cancellationToken);
            ResultFormats.Write(format, result, terminal);
            return ExitCodes.Ok;
        }
        catch (QueryRefusedException refused)
        {
            throw new CommandFailedException(refused.Message, refused);
        }
    }
}
