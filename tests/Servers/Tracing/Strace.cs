using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Banking.Servers.Tracing;

/// <summary>The command <c>strace</c>, asked for the calls that tell what would be left after a loss of power.</summary>
internal static class Strace
{
    private const string Calls =
        "write,writev,pwrite64,pwritev,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink,unlinkat,"
        + "mkdir,mkdirat,sendto,sendmsg,recvfrom,recvmsg";

    /// <summary>
    /// Its arguments, before those that say what to trace: threads and children too, files by their names, as much of a string as a first
    /// page takes.
    /// </summary>
    public static IReadOnlyList<string> Arguments(string traceFile) =>
        ["-f", "-y", "-s", "1024", "-e", $"trace={Calls}", "-e", "signal=none", "-o", traceFile];

    /// <summary>Traces a program that runs, and the children that it makes from now on, until all of them end.</summary>
    public static async Task<Process> Attach(int processId, string traceFile, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "strace", [.. Arguments(traceFile), "-p", processId.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardError = true };
        var tracer = Process.Start(start)!;

        // "strace: Process 7 attached"; every child that it makes is said too.
        var said = await tracer.StandardError.ReadLineAsync(cancellationToken);
        Assert.Contains("attached", said, StringComparison.Ordinal);
        _ = tracer.StandardError.ReadToEndAsync(CancellationToken.None);
        return tracer;
    }

    /// <summary>Skips the test where the command is missing or tracing is not permitted.</summary>
    public static void SkipWithout()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "System calls are traced with Linux' strace.");
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("strace", ["-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            var reason = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.SkipUnless(process.ExitCode == 0, $"Tracing is not permitted here: {reason}");
        }
        catch (Win32Exception)
        {
            Assert.Skip("Needs strace (Debian's package strace).");
        }
    }
}
