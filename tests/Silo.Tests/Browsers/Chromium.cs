using System.ComponentModel;
using System.Diagnostics;

namespace Banking.Silo.Tests.Browsers;

/// <summary>Debian's Chromium without a screen, with a profile of its own: it opens one page, and ends when it is disposed of.</summary>
internal sealed class Chromium : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private Chromium(Process process) => _process = process;

    /// <summary>Opens a page. Skips the test where there is no Chromium.</summary>
    /// <param name="profile">A folder for what it keeps.</param>
    /// <param name="resolve">Addresses of names, as its option <c>--host-resolver-rules</c> wants them.</param>
    public static Chromium Open(Uri page, string profile, string resolve)
    {
        var process = Start(page, profile, resolve, "--remote-debugging-port=0");
        process.BeginOutputReadLine();
        return new(process);
    }

    /// <summary>The document that a page is when it is loaded.</summary>
    public static async Task<string> ReadAsync(Uri page, string profile, string resolve, CancellationToken cancellationToken)
    {
        using var chromium = new Chromium(Start(page, profile, resolve, "--dump-dom"));
        return await chromium._process.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(Bound, cancellationToken);
    }

    private static Process Start(Uri page, string profile, string resolve, string mode)
    {
        var start = new ProcessStartInfo("chromium") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", $"--user-data-dir={profile}",
            $"--host-resolver-rules={resolve}", mode, page.AbsoluteUri,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            var process = Process.Start(start)!;
            process.BeginErrorReadLine();
            return process;
        }
        catch (Win32Exception)
        {
            Assert.Skip("Needs chromium (Debian's package chromium).");
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
