using System.CommandLine;

namespace Banking.Client.Querying;

/// <summary><c>banking query</c>.</summary>
internal static class QueryCommand
{
    public static Command Create(Terminal terminal)
    {
        var sql = new Argument<string>("sql") { Description = "One statement that reads, such as \"select count(*) from cash_transactions\"; - reads it from standard input." };
        var format = new Option<string>("--format") { Description = "How to write the result.", DefaultValueFactory = _ => ResultFormats.Table };
        format.AcceptOnlyFromAmong(ResultFormats.Table, ResultFormats.Csv, ResultFormats.Json);
        var tables = string.Join(", ", LakeTables.All.Select(table => table.Name));
        var command = new Command("query", $"Runs SQL (DuckDB's, or Presto's) over the lake's tables: {tables}.") { sql, format };
        var lake = new LakeOptions(command, terminal);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetRequiredValue(sql);
            if (text == "-") text = await terminal.In.ReadToEndAsync(cancellationToken);
            var place = await lake.ReadAsync(parsed, cancellationToken);
            return await Task.Run(() => RunAsync(terminal, text, place, parsed.GetRequiredValue(format), cancellationToken), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string sql, LakePlace place, string format, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = QueryEngines.Open(place, terminal);
            await using var result = await engine.RunAsync(sql, cancellationToken);
            await ResultFormats.WriteAsync(format, result, terminal);
            return ExitCodes.Ok;
        }
        catch (QueryRefusedException refused)
        {
            throw new CommandFailedException(refused.Message, refused);
        }
    }
}
