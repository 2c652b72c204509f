using System.CommandLine;
using Banking.Client.Engines;
using Banking.Client.Querying;
using Banking.Client.Terminals;

namespace Banking.Client.Statements;

/// <summary><c>banking statement</c>: draws what an account did.</summary>
internal static class StatementCommand
{
    private const int Usual = 20;

    public static Command Create(Terminal terminal)
    {
        var account = new Argument<string>("account") { Description = "The account's id." };
        var last = new Option<int>("--last")
        {
            Description = "Draw the newest so many events.",
            HelpName = "events",
            DefaultValueFactory = _ => Usual,
        };
        last.AtLeast(1, 10_000);
        var command = new Command("statement", "Draws an account's events in the lake, with its cash after each, and what it holds.")
        {
            account, last,
        };
        var lake = new LakeOptions(command, terminal);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = await lake.ReadAsync(parsed, cancellationToken);
            var statement = new AccountStatement(parsed.GetValue(last));
            await ReadAsync(terminal, parsed.GetRequiredValue(account), place, statement, cancellationToken);
            StatementChart.Draw(parsed.GetRequiredValue(account), statement, terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task ReadAsync(
        Terminal terminal, string account, LakePlace place, AccountStatement statement, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = QueryEngines.Open(place, terminal, TimeText.Utc);
            await using var result = await engine.RunAsync(AccountStatement.Sql(account), cancellationToken);
            var columns = Enumerable.Range(0, result.Columns.Count);
            while (await result.ReadAsync()) statement.Add([.. columns.Select(column => result[column].Text)]);
        }
        catch (QueryRefusedException refused)
        {
            throw new CommandFailedException(refused.Message, refused);
        }

        if (statement.Events > 0) return;
        throw new CommandFailedException(
            $"The lake has no event of an account '{account}'. What was done in the last seconds is on its way; "
            + "POST /v1/lake/flush brings it at once.");
    }
}
