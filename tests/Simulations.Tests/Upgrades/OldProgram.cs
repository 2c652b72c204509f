using System.Diagnostics;
using Banking.Simulations.Tests.Documents;

namespace Banking.Simulations.Tests.Upgrades;

/// <summary>
/// The silo as it was at the commit of the baseline: built from this repository's own history, once, into a folder that git ignores and
/// where later runs find it.
/// </summary>
internal static class OldProgram
{
    private static readonly string Folder = Path.Combine(Document.Root, "tests", "Simulations.Tests", "obj", "old-silos");
    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <returns>The path of its Banking.Silo.dll.</returns>
    public static async Task<string> Build(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(
            Path.Exists(Path.Combine(Document.Root, ".git")),
            "Needs the sources as a clone of the repository: an earlier build is made from its history.");
        var program = Path.Combine(Folder, Baseline.Commit);
        await Turn.WaitAsync(cancellationToken);
        try
        {
            if (!Directory.Exists(program)) await Make(program, cancellationToken);
        }
        finally
        {
            Turn.Release();
        }

        return Path.Combine(program, "Banking.Silo.dll");
    }

    // Another test process may do the same: whoever is done first has its place taken, and whole.
    private static async Task Make(string program, CancellationToken cancellationToken)
    {
        // Elsewhere: other tests look through the repository meanwhile.
        var work = Directory.CreateTempSubdirectory("banking-old-silo-").FullName;
        try
        {
            var archive = Path.Combine(work, "source.tar");
            var found = await Run(
                Document.Root, cancellationToken, "git", "archive", "--output", archive, Baseline.Commit, "--", ".", ":(exclude)tests");
            Assert.True(
                found.ExitCode == 0,
                $"The clone lacks the commit {Baseline.Commit}, of which the earlier silo is built: fetch the whole history "
                + $"(git fetch --unshallow).\n{found.Output}");
            var source = Directory.CreateDirectory(Path.Combine(work, "source")).FullName;
            await System.Formats.Tar.TarFile.ExtractToDirectoryAsync(archive, source, overwriteFiles: false, cancellationToken);
            var built = await Run(
                source, cancellationToken, "dotnet", "build", Path.Combine("Silo", "Silo.csproj"), "-c", "Release", "-v", "q", "--nologo",
                "-p:RestoreLockedMode=true", "-p:UseSharedCompilation=false", "-nodeReuse:false", "-p:RunAnalyzers=false",
                "-p:GenerateDocumentationFile=false");
            Assert.True(built.ExitCode == 0, built.Output);
            var output = Directory.GetDirectories(Path.Combine(source, "Silo", "bin", "Release")).Single();
            var staged = Path.Combine(Directory.CreateDirectory(Folder).FullName, $"staged-{Guid.NewGuid():N}");
            var copied = await Run(work, cancellationToken, "cp", "-r", output, staged);
            Assert.True(copied.ExitCode == 0, copied.Output);
            if (Directory.Exists(program)) Directory.Delete(staged, recursive: true);
            else Directory.Move(staged, program);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> Run(
        string folder, CancellationToken cancellationToken, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the build of these tests has set is not of that build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
