namespace Banking.Client.Tests;

/// <summary>A command line run in this process, with what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static Task<CommandRun> OfAsync(params string[] args) => WithInputAsync("", args);

    public static async Task<CommandRun> WithInputAsync(string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        var exitCode = await BankingCommand.RunAsync(args, new Terminal(reader, output, error, Interactive: false, Progress: false, TimeProvider.System));
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}
