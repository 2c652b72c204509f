using System.Diagnostics;
using System.Globalization;

namespace Banking.Simulations.Tests.Processes;

/// <summary>A file system of its own, in memory, that can be filled up and made read-only. Needs the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Skips the test where mounting is not permitted.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is made with Linux' tmpfs.");
        var path = Directory.CreateTempSubdirectory("banking-disk-").FullName;
        var size = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
        if (TryRun("mount", "-t", "tmpfs", "-o", size, "tmpfs", path)) return new SmallDisk(path);
        Directory.Delete(path);
        Assert.Skip("Mounting a small disk is not permitted here.");
        return null;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // No room left: that is what it was for.
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void MakeReadOnly() => Assert.True(TryRun("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        if (TryRun("umount", Path)) Directory.Delete(Path);
        else TryRun("umount", "-l", Path);
    }

    private static bool TryRun(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
