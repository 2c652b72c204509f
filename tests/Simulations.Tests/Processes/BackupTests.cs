using System.Diagnostics;
using System.Net;
using Banking.Servers.PostgreSql;
using Banking.Simulations.Tests.Clusters;
using Banking.Simulations.Tests.Documents;
using Npgsql;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Backup and restore by the commands that docs/operations.md gives, as they stand there, between two loads.</summary>
public sealed class BackupTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_WhenTheDatabaseIsOlder_ThenTheLogBringsBackWhatItLacks()
    {
        using var bank = new EmbeddedBank();
        var (_, before) = await PlayAndBackUp(bank);

        await Follow("restore the accounts and markets", bank.Folder);

        await using var silo = await bank.Start();
        Assert.Equal(before, await Bank.Ledgers(silo, Token));
        await bank.RequireSound(silo, 1, 2);
    }

    [Fact]
    public async Task Restore_WhenTheLakeIsOlder_ThenItIsFilledFromTheLogThoughNobodyAsks()
    {
        using var bank = new EmbeddedBank();
        await PlayAndBackUp(bank);
        var rows = Rows(bank);

        await Follow("restore the lake", bank.Folder);
        Assert.NotEqual(rows, Rows(bank));

        // Nobody calls it meanwhile, neither for its health.
        await using var silo = bank.Launch();
        await Eventually.True(() => Rows(bank) == rows, "the lake is filled");
        await bank.RequireSound(silo, 1, 2);
    }

    [Fact]
    public async Task Restore_WhenTheLogIsOlder_ThenTheSiloIsNotReadyUntilTheBankIsRepaired()
    {
        using var bank = new EmbeddedBank();
        var (_, before) = await PlayAndBackUp(bank);

        await Follow("restore the log", bank.Folder);

        await using var silo = bank.Launch();
        await Eventually.True(
            async () =>
                await Health(silo) is (HttpStatusCode.ServiceUnavailable, var text) && text.Contains("/refused", StringComparison.Ordinal),
            "the lake refuses the log");
        var said = await ClientProcess.Run(Token, "repair", "--url", silo.Url);
        Assert.True(said.ExitCode == 1, said.Output + silo.Output);
        Assert.Contains("Can be mended with --apply", said.Output, StringComparison.Ordinal);
        var mended = await ClientProcess.Run(Token, "repair", "--url", silo.Url, "--apply");
        Assert.True(mended.ExitCode == 0, mended.Output + silo.Output);
        await Eventually.True(async () => (await Health(silo)).Status == HttpStatusCode.OK, "the silo is ready");
        Assert.Equal(before, await Bank.Ledgers(silo, Token));
        await bank.RequireSound(silo, 1, 2);

        // What the log lost only the lake has: a database that comes back older takes it from there.
        Assert.Equal(0, await silo.Stop(Token));
        await Follow("restore the accounts and markets", bank.Folder);
        await using var next = await bank.Start();
        Assert.Equal(before, await Bank.Ledgers(next, Token));
        await bank.RequireSound(next, 1, 2);
    }

    [Fact]
    public async Task Restore_WhenEverythingIsOfOneTime_ThenItIsTheBankOfThatTime()
    {
        using var bank = new EmbeddedBank();
        var (before, _) = await PlayAndBackUp(bank);

        await Follow("restore everything", bank.Folder);

        await using var silo = await bank.Start();
        Assert.Equal(before, await Bank.Ledgers(silo, Token));
        await bank.RequireSound(silo, 1);
    }

    [Fact]
    public async Task Restore_WhenADumpOfPostgreSqlWasMadeUnderLoad_ThenLogAndLakeBringBackWhatItLacks()
    {
        var database = await Databases.Create();
        using var bank = new EmbeddedBank("--Banking:Storage:PostgreSql", database);
        try
        {
            await using (var first = await bank.Start())
            {
                var loaded = bank.Load(first, seed: 1);
                await Follow("back up PostgreSQL", bank.Folder, ("BANK", Url(database)));
                await loaded;
                Assert.Equal(0, await first.Stop(Token));
            }

            var before = await bank.Play(2);

            await Follow("restore PostgreSQL", bank.Folder, ("BANK", Url(database)));

            await using var silo = await bank.Start();
            Assert.Equal(before, await Bank.Ledgers(silo, Token));
            await bank.RequireSound(silo, 1, 2);
        }
        finally
        {
            await Databases.Drop(database);
        }
    }

    /// <returns>The books at the time of the backup, and after it.</returns>
    private static async Task<(string Saved, string Last)> PlayAndBackUp(EmbeddedBank bank)
    {
        var saved = await PlayedBank.CopyTo(bank);
        await Follow("back up, embedded", bank.Folder);
        return (saved, await bank.Play(2));
    }

    private static long Rows(EmbeddedBank bank)
    {
        using var lake = new LakeReader(bank.Lake);
        return lake.CountAccountEvents();
    }

    private static async Task<(HttpStatusCode Status, string Text)> Health(SiloProcess silo)
    {
        try
        {
            return await Bank.Get(silo, "/health/ready", Token);
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return default;
        }
    }

    /// <summary>Runs a block of commands in docs/operations.md, by the comment that it begins with.</summary>
    internal static async Task Follow(string title, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-euc", Document.Block(title).Text])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var errors = await shell.StandardError.ReadToEndAsync(Token);
        await shell.WaitForExitAsync(Token);
        Assert.True(shell.ExitCode == 0, errors);
    }

    internal static string Url(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{settings.Username}@{settings.Host}:{settings.Port}/{settings.Database}";
    }
}
