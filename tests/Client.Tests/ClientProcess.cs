using System.Diagnostics;

namespace Banking.Client.Tests;

/// <summary>The command line as a process of its own: for what only a process has, such as an environment or a pipe.</summary>
internal static class ClientProcess
{
    public static async Task<CommandRun> RunAsync(Dictionary<string, string> variables, params string[] args)
    {
        var token = TestContext.Current.CancellationToken;
        using var process = Start(variables, args);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(token);
        var output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new CommandRun(process.ExitCode, output, await error);
    }

    public static Process Start(Dictionary<string, string> variables, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "banking.dll"), .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
