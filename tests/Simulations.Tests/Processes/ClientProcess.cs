using System.Diagnostics;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The built command line as a process of its own.</summary>
internal static class ClientProcess
{
    /// <summary>Its own folder's: beside the tests lie the parts of the web server's framework, which the client runs without.</summary>
    public static readonly string Program = FindProgram();

    public static Process Start(params string[] arguments) => StartIn(new Dictionary<string, string>(), arguments);

    /// <summary>With variables of the environment beside those of the tests' own.</summary>
    public static Process StartIn(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start =
            new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        ShortLife.Prepare(start);
        start.ArgumentList.Add(Program);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static async Task<(int ExitCode, string Output)> Run(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Start(arguments);
        return await Finish(process, cancellationToken);
    }

    public static async Task<(int ExitCode, string Output)> Finish(Process process, CancellationToken cancellationToken)
    {
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>
    /// SIGTERM, at which a load ends and reports. Not Ctrl-C's signal: whoever runs the tests in the background has them ignore that one.
    /// </summary>
    public static Task<(int ExitCode, string Output)> Stop(Process process, CancellationToken cancellationToken)
    {
        Signals.Terminate(process.Id);
        return Finish(process, cancellationToken);
    }

    private static string FindProgram()
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var configuration = framework.Parent!;
        var repository = configuration.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(repository.FullName, "Client", "bin", configuration.Name, framework.Name, "banking.dll");
    }
}
