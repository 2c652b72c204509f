using System.Diagnostics;
using System.Globalization;
using Banking.Storage.Tests.Contract;

namespace Banking.Storage.Tests.Sqlite;

/// <summary>A process of this program writes, says on its output what was answered, and is killed at it.</summary>
public sealed class CrashTests : IDisposable
{
    private const string PathVariable = "STORAGE_TESTS_CRASH_PATH";
    private const int Writers = 32;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_AfterDeathUnderLoad_HasEveryAnsweredWrite()
    {
        var path = _folder.File("grains.db");
        var answered = new int[Writers];

        for (var crash = 1; crash <= 2; crash++)
        {
            await RunAndKill(path, answered, answersBeforeDeath: 3000 * crash);

            await using var revived = await StorageUnderTest.Start(path);
            for (var id = 0; id < Writers; id++)
            {
                var state = await Read(revived, id);
                Assert.InRange(Count(state), answered[id], answered[id] + 1);
                Assert.Equal(Count(state), state.State!.Attachment.Length);
            }
        }
    }

    /// <summary>The process that dies: not a test, it ends with its killing (or after two minutes, lest it outlive the test).</summary>
    [Fact(Explicit = true)]
    public async Task Write_UntilKilled()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is not { } path) return;
        using var life = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        await using var storage = await StorageUnderTest.Start(path);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(id => Task.Run(() => WriteOn(storage, id, life.Token))));
    }

    private static async Task WriteOn(StorageUnderTest storage, int id, CancellationToken life)
    {
        var state = await Read(storage, id);
        for (var count = Count(state) + 1; !life.IsCancellationRequested; count++)
        {
            state.State!.Text = count.ToString(CultureInfo.InvariantCulture);
            state.State.Attachment = new byte[count];
            await storage.Storage.WriteStateAsync("note", GrainId.Create("note", $"{id}"), state);
            Console.Out.WriteLine($"answered {id} {count} .");
        }
    }

    private static async Task RunAndKill(string path, int[] answered, int answersBeforeDeath)
    {
        var program = Path.ChangeExtension(typeof(CrashTests).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            ArgumentList = { "-explicit", "only", "-method", $"{typeof(CrashTests).FullName}.{nameof(Write_UntilKilled)}" },
            Environment = { [PathVariable] = path },
        };
        using var process = Process.Start(start)!;
        var answers = 0;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            // The mark at the end tells a whole line from one that the death has cut.
            if (line.Split(' ') is not ["answered", var id, var count, "."]) continue;
            answered[int.Parse(id, CultureInfo.InvariantCulture)] = int.Parse(count, CultureInfo.InvariantCulture);
            if (++answers == answersBeforeDeath) process.Kill();
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(answers >= answersBeforeDeath);
        Assert.NotEqual(0, process.ExitCode);
    }

    private static int Count(GrainState<Note> state) =>
        state.State!.Text is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static async Task<GrainState<Note>> Read(StorageUnderTest storage, int id)
    {
        var state = new GrainState<Note>();
        await storage.Storage.ReadStateAsync("note", GrainId.Create("note", $"{id}"), state);
        return state;
    }
}
