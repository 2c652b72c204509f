using Banking.Storage.Sqlite;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace Banking.Storage.Tests.Sqlite;

public sealed class SqliteStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("grains.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WhenFolderIsMissing_MakesIt()
    {
        var path = System.IO.Path.Combine(_folder.Path, "a", "b", "grains.db");

        await using var storage = await StorageUnderTest.Start(path);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Start_WhenSchemaIsNewer_SaysSoAndLeavesTheFileAlone()
    {
        await (await StorageUnderTest.Start(Path)).DisposeAsync();
        Execute("PRAGMA journal_mode = DELETE");
        Execute("PRAGMA user_version = 99");
        var before = await Bytes(Path);

        await FailsToStart("schema version 99");

        Assert.Equal(before, await Bytes(Path));
    }

    [Fact]
    public async Task Start_WhenSchemaIsOlder_MigratesIt()
    {
        Execute("PRAGMA user_version = 0");

        await using var storage = await StorageUnderTest.Start(Path);

        Assert.Equal(3, Execute("PRAGMA user_version"));
    }

    [Fact]
    public async Task Start_WhenFileIsAnotherProgramsDatabase_SaysSoAndLeavesItAlone()
    {
        Execute("CREATE TABLE theirs (id INTEGER)");
        var before = await Bytes(Path);

        await FailsToStart("another program");

        Assert.Equal(before, await Bytes(Path));
    }

    [Fact]
    public async Task Start_WhenAnotherProgramDiedWithItsWriteAheadLog_SaysSoAndLeavesBothAlone()
    {
        var theirs = _folder.File("theirs.db");
        using (var other = SqliteDatabase.Connect(theirs, TimeSpan.Zero))
        {
            other.Execute("PRAGMA journal_mode = WAL");
            other.Execute("CREATE TABLE theirs (id INTEGER)");
            File.Copy(theirs, Path);
            File.Copy(theirs + "-wal", Path + "-wal");
        }

        var (file, log) = (await Bytes(Path), await Bytes(Path + "-wal"));

        await FailsToStart("another program");

        Assert.Equal(file, await Bytes(Path));
        Assert.Equal(log, await Bytes(Path + "-wal"));
    }

    [Fact]
    public async Task Start_WhenFileIsNoDatabase_SaysSoAndLeavesItAlone()
    {
        await File.WriteAllTextAsync(Path, new string('x', 10_000), TestContext.Current.CancellationToken);

        await FailsToStart("not a SQLite database");

        Assert.Equal(10_000, new FileInfo(Path).Length);
    }

    [Fact]
    public async Task Start_WhenAnotherSiloHoldsTheFile_SaysSo()
    {
        await using var first = await StorageUnderTest.Start(Path);

        await FailsToStart("in use by another silo");
    }

    [Fact]
    public async Task Start_WhenTheOtherSiloHasStopped_Succeeds()
    {
        await (await StorageUnderTest.Start(Path)).DisposeAsync();

        await (await StorageUnderTest.Start(Path)).DisposeAsync();
    }

    [Fact]
    public async Task Start_WhenSharingIsAllowed_ServesTwoSilosWithOneTruth()
    {
        Action<SqliteGrainStorageOptions> shared = options => (options.Path, options.ExclusiveAccess) = (Path, false);
        await using var one = await StorageUnderTest.Start(shared);
        await using var two = await StorageUnderTest.Start(shared);
        var grain = GrainId.Create("note", "alice");
        var state = new GrainState<string>("one");
        await one.Storage.WriteStateAsync("state", grain, state);

        var late = new GrainState<string>("two");
        await Assert.ThrowsAsync<InconsistentStateException>(() => two.Storage.WriteStateAsync("state", grain, late));

        var read = new GrainState<string>();
        await two.Storage.ReadStateAsync("state", grain, read);
        Assert.Equal("one", read.State);
    }

    [Fact]
    public async Task Start_WhenAnotherProcessHasLockedTheFile_SaysSo()
    {
        await (await StorageUnderTest.Start(Path)).DisposeAsync();
        using var other = SqliteDatabase.Connect(Path, TimeSpan.Zero);
        other.Execute("BEGIN IMMEDIATE");

        await FailsToStart("another process has locked it", options => options.BusyTimeout = TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Start_WhenFolderCannotBeMade_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);

        await FailsToStart("folder can't be made", options => options.Path = System.IO.Path.Combine(_folder.File("file"), "grains.db"));
    }

    [Fact]
    public async Task Start_WhenFileIsReadOnly_SaysSo()
    {
        await (await StorageUnderTest.Start(Path)).DisposeAsync();
        File.SetAttributes(Path, FileAttributes.ReadOnly);
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Nothing is read-only to a superuser.");

        await FailsToStart("read-only");
    }

    [Fact]
    public async Task Start_WhenASettingIsImpossible_NamesIt()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StorageUnderTest.Start(options => (options.Path, options.MaxTransactionRows) = (Path, 0)));

        Assert.Contains("MaxTransactionRows", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<byte[]> Bytes(string path) => File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

    private async Task FailsToStart(string sentence, Action<SqliteGrainStorageOptions>? configure = null)
    {
        var path = Path;
        var failure = await Assert.ThrowsAsync<StorageOpenException>(() => StorageUnderTest.Start(options =>
        {
            options.Path = path;
            configure?.Invoke(options);
            path = options.Path;
        }));

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    private long Execute(string sql)
    {
        using var connection = SqliteDatabase.Connect(Path, TimeSpan.Zero);
        return connection.Scalar(sql);
    }
}
