using Banking.Client;
using Banking.Client.Terminals;

namespace Banking.Simulations.Tests.Documents;

/// <summary>A command of the client in this process, which costs a tenth of one of its own.</summary>
internal sealed record ClientCommand(int ExitCode, string Out, string Error)
{
    public static async Task<ClientCommand> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(
            TextReader.Null, output, TextWriter.Synchronized(error), Interactive: false, Progress: false, TimeProvider.System);
        var exitCode = await BankingCommand.RunAsync(arguments, terminal);
        return new ClientCommand(exitCode, output.ToString(), error.ToString());
    }
}
