using Banking.Servers.PostgreSql;
using Banking.Simulations.Tests.Processes;
using Npgsql;

namespace Banking.Simulations.Tests.Documents;

/// <summary>A bank that moves, and one that is removed, by the commands that docs/operations.md gives.</summary>
public sealed class MovingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Move_ToAnotherMachine_ThenTheBankGoesOnThere()
    {
        using var old = new EmbeddedBank();
        var before = await old.Play(1, actions: 500);
        using var moved = new EmbeddedBank();

        await BackupTests.Follow("move: pack, on the old machine", old.Folder);
        foreach (var file in new[] { "bank.tar.gz", "journal-1.jsonl" })
            File.Move(Path.Combine(old.Folder, file), Path.Combine(moved.Folder, file));
        await BackupTests.Follow("move: unpack, on the new machine", moved.Folder);

        Assert.False(Directory.Exists(old.Data));
        await using var silo = await moved.Start();
        Assert.Equal(before, await Bank.Ledgers(silo, Token));
        await moved.Load(silo, seed: 2, actions: 500);
        await moved.RequireSound(silo, 1, 2);
        Assert.Equal(0, await silo.Stop(Token));
    }

    [Fact]
    public async Task Uninstall_OfPostgreSql_LeavesTheDatabaseEmpty()
    {
        var database = await Databases.Create();
        using var bank = new EmbeddedBank("--Banking:Storage:PostgreSql", database);
        try
        {
            await using (var silo = await bank.Start()) Assert.Equal(0, await silo.Stop(Token));

            await BackupTests.Follow("uninstall: PostgreSQL", bank.Folder, ("BANK", BackupTests.Url(database)));

            await using var source = NpgsqlDataSource.Create(database);
            await using var left = source.CreateCommand(
                "select count(*) from pg_class join pg_namespace n on n.oid = relnamespace "
                + "where nspname not like 'pg\\_%' and nspname <> 'information_schema'");
            Assert.Equal(0L, await left.ExecuteScalarAsync(Token));
        }
        finally
        {
            await Databases.Drop(database);
        }
    }
}
