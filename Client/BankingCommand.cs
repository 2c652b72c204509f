using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Banking.Client.Assets;
using Banking.Client.Banks;
using Banking.Client.Callers;
using Banking.Client.Compacting;
using Banking.Client.Loading;
using Banking.Client.Playing;
using Banking.Client.Querying.Prompt;
using Banking.Client.Repairing;
using Banking.Client.Statements;
using Banking.Client.Terminals;
using Banking.Client.Typing;
using Banking.Client.Verifying;

namespace Banking.Client;

/// <summary>The root of the command line: parses, runs, and turns failures into one sentence and an exit code.</summary>
internal static class BankingCommand
{
    public static RootCommand Create(Terminal terminal) => new("Plays, loads, queries and verifies the banking game.")
    {
        PlayCommand.Create(terminal),
        LoadCommand.Create(terminal),
        QueryCommand.Create(terminal),
        StatementCommand.Create(terminal),
        VerifyCommand.Create(terminal),
        CompactCommand.Create(terminal),
        RepairCommand.Create(terminal),
        AssetCommand.Create(terminal),
        AccountsCommand.Create(terminal),
        KeysCommand.Create(terminal),
        TokensCommand.Create(terminal),
        BankKey.Option(),
    };

    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var parsed = Create(terminal).Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors) await terminal.Error.WriteLineAsync(ShownText.Lines(error.Message));
            await terminal.Error.WriteLineAsync($"Try: {CommandPath(parsed)} --help");
            return ExitCodes.Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        };
        try
        {
            if (BankKey.FromFile(parsed, terminal) is { } known) parsed = Create(known).Parse(args);
            return await parsed.InvokeAsync(invocation);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("Cancelled.");
            return ExitCodes.Cancelled;
        }
        catch (CommandFailedException failure)
        {
            await terminal.Error.WriteLineAsync(ShownText.Lines(failure.Message));
            return failure.ExitCode;
        }
        catch (IOException failure) when (Terminal.IsReaderGone(failure))
        {
            return ExitCodes.ReaderLeft;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await terminal.Error.WriteLineAsync(ShownText.Lines(failure.Message));
            return ExitCodes.Failed;
        }
        finally
        {
            await FlushAsync(terminal.Out);
        }
    }

    private static string CommandPath(ParseResult parsed)
    {
        var path = "";
        for (var at = parsed.CommandResult; at is { Command: not RootCommand }; at = at.Parent as CommandResult)
            path = $" {at.Command.Name}{path}";
        return "banking" + path;
    }

    private static async Task FlushAsync(TextWriter output)
    {
        try
        {
            await output.FlushAsync();
        }
        catch (IOException)
        {
            // The reader of a pipe (head, less) is gone: there is nobody to tell.
        }
    }
}
