namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// A bank in a folder of a test's own, of the built silo, which plays while a silo runs and may be tampered with in between.
/// </summary>
/// <param name="settings">Of every silo of it.</param>
internal sealed class EmbeddedBank(params string[] settings) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Folder => _folder.Path;

    public string Data => _folder.File("data");

    public string Lake => Path.Combine(Data, "lake");

    public string Database => Path.Combine(Data, "storage.db");

    public Task<SiloProcess> Start(params string[] more) => SiloProcess.Start(Data, SiloProcess.FreePort(), Token, [.. settings, .. more]);

    /// <summary>Starts a silo and waits for nothing.</summary>
    public SiloProcess Launch() => SiloProcess.Launch(Data, SiloProcess.FreePort(), settings);

    /// <summary>Plays on a silo of its own and stops it; returns the books.</summary>
    public async Task<string> Play(int seed, int actions = 1_500, int accounts = 60)
    {
        await using var silo = await Start();
        await Bank.Post(silo, "/v1/accounts", """{"account_id":"rita","full_name":"Rita R."}""", null, Token);
        await Load(silo, seed, actions, accounts);
        var ledgers = await Bank.Ledgers(silo, Token);
        Assert.Equal(0, await silo.Stop(Token));
        return ledgers;
    }

    public async Task Load(SiloProcess silo, int seed, int actions = 1_500, int accounts = 60)
    {
        var (exitCode, output) = await ClientProcess.Run(
            Token, "load", "--url", silo.Url, "--accounts", $"{accounts}", "--actions", $"{actions}", "--connections", "16",
            "--seed", $"{seed}", "--journal", Journal(seed));
        Assert.True(exitCode == 0, output + silo.Output);
    }

    /// <summary>Acts on a silo of its own and stops it.</summary>
    public async Task<T> Act<T>(Func<SiloProcess, Task<T>> act)
    {
        await using var silo = await Start();
        var result = await act(silo);
        Assert.Equal(0, await silo.Stop(Token));
        return result;
    }

    public void DeleteDatabase() => Delete("storage.db*");

    public void DeleteLog() => Delete("log.db*");

    /// <summary>Books, lake and what was acknowledged to these loads agree.</summary>
    public async Task RequireSound(SiloProcess silo, params int[] seeds)
    {
        var (exitCode, output) = await ClientProcess.Run(
            Token, ["verify", "--url", silo.Url, "--lake", Lake, .. seeds.SelectMany(seed => new[] { "--journal", Journal(seed) })]);
        Assert.True(exitCode == 0, output + silo.Output);
    }

    public void Dispose() => _folder.Dispose();

    private void Delete(string pattern)
    {
        foreach (var file in Directory.GetFiles(Data, pattern)) File.Delete(file);
    }

    /// <summary>What was acknowledged to the load of a seed.</summary>
    public string Journal(int seed) => Path.Combine(Folder, $"journal-{seed}.jsonl");
}
