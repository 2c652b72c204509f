using Banking.Client.Terminals;

namespace Banking.Client.Tests;

/// <summary>A command line run in this process, with what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static Task<CommandRun> OfAsync(params string[] args) => WithInputAsync("", args);

    public static Task<CommandRun> WithInputAsync(string input, params string[] args) => RunAsync(input, [], args);

    public static Task<CommandRun> WithVariablesAsync(Dictionary<string, string> variables, params string[] args) =>
        RunAsync("", variables, args);

    /// <summary>At a terminal of so many cells a line.</summary>
    public static Task<CommandRun> AtTerminalAsync(int width, params string[] args) => RunAsync("", [], args, width);

    private static async Task<CommandRun> RunAsync(string input, Dictionary<string, string> variables, string[] args, int? width = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        var terminal = new Terminal(
            reader, output, TextWriter.Synchronized(error), Interactive: false, Progress: width is not null, TimeProvider.System)
        {
            Variable = variables.GetValueOrDefault,
            Width = width,
        };
        var exitCode = await BankingCommand.RunAsync(args, terminal);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}
