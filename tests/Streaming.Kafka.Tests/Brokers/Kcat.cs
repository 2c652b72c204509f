using System.ComponentModel;
using System.Diagnostics;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>
/// kcat, as another client than ours: what it writes is foreign, and what it reads is what everybody sees. A test without it is skipped.
/// </summary>
internal static class Kcat
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    /// <returns>What it printed, by lines.</returns>
    public static async Task<string[]> Run(string input, params string[] arguments)
    {
        var start =
            new ProcessStartInfo("kcat", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            };
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(MaxWait);
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("Needs kcat (Debian's package kcat).");
            throw;
        }
    }
}
