using System.Diagnostics;
using System.Text;

namespace Banking.Client.Tests;

/// <summary>The command line as a process at a terminal of its own, through <c>script</c> of util-linux.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private readonly Task _reading;

    private PseudoTerminal(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public static bool IsThere => OperatingSystem.IsLinux() && File.Exists("/usr/bin/script");

    public string Shown
    {
        get
        {
            lock (_shown) return _shown.ToString();
        }
    }

    public static PseudoTerminal Start(Dictionary<string, string> variables, params string[] args)
    {
        var command = string.Join(' ', args.Prepend(Path.Combine(AppContext.BaseDirectory, "banking.dll")).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo(
            "/usr/bin/script", ["-q", "-e", "-f", "-c", $"stty cols 100 rows 30; exec dotnet {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm-256color", ["SHELL"] = "/bin/sh" },
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new PseudoTerminal(Process.Start(start)!);
    }

    public async Task UntilAsync(string text)
    {
        try
        {
            await Eventually.True(() => Shown.Contains(text, StringComparison.Ordinal), $"'{text}' is shown");
        }
        catch (Xunit.Sdk.XunitException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Shown);
            throw;
        }
    }

    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var some = new char[4096];
        while (await _process.StandardOutput.ReadAsync(some) is > 0 and var count)
        {
            lock (_shown) _shown.Append(some, 0, count);
        }
    }
}
