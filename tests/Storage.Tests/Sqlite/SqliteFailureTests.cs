using Banking.Storage.Sqlite;
using Banking.Storage.Tests.Contract;

namespace Banking.Storage.Tests.Sqlite;

public sealed class SqliteFailureTests : IDisposable
{
    private const int Room = 1 << 20;
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("grains.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_WhenThereIsNoRoom_FailsWithAKnownOutcomeAndLosesNothing()
    {
        await using var storage = await Start();
        var written = await Fill(storage);

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(storage, "more"));

        Assert.False(failure.OutcomeUnknown);
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Path, failure.Message, StringComparison.Ordinal);
        Assert.False((await Read(storage, "more")).RecordExists);
        foreach (var key in written.Keys) Assert.True((await Read(storage, key)).RecordExists);
    }

    [Fact]
    public async Task Write_WhenThereIsRoomAgain_Succeeds()
    {
        await using var storage = await Start();
        var (key, state) = (await Fill(storage)).First();
        await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(storage, "more"));

        await storage.Storage.ClearStateAsync("note", GrainId.Create("note", key), state);
        await Write(storage, "more");

        Assert.True((await Read(storage, "more")).RecordExists);
    }

    [Fact]
    public async Task Write_WhenStateIsLargerThanAllowed_FailsAlone()
    {
        await using var storage = await StorageUnderTest.Start(options => (options.Path, options.MaxStateBytes) = (Path, 1000));
        var small = storage.Storage.WriteStateAsync("note", GrainId.Create("note", "small"), new GrainState<Note>(new Note()));

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(storage, "large"));

        await small;
        Assert.False(failure.OutcomeUnknown);
    }

    [Fact]
    public async Task Write_WhenAnotherProcessHoldsTheLock_FailsAndSucceedsOnceItIsFree()
    {
        await using var storage = await StorageUnderTest.Start(
            options => (options.Path, options.BusyTimeout) = (Path, TimeSpan.FromMilliseconds(20)));
        using var other = SqliteDatabase.Connect(Path, TimeSpan.Zero);
        other.Execute("BEGIN IMMEDIATE");

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(storage, "a"));
        other.Execute("ROLLBACK");
        await Write(storage, "a");

        Assert.False(failure.OutcomeUnknown);
    }

    [Fact]
    public async Task Read_WhenTheFileIsDamaged_SaysSo()
    {
        await using (var storage = await StorageUnderTest.Start(Path)) await Write(storage, "a");
        await using (var file = File.OpenWrite(Path))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xff, (int)file.Length - 4096).ToArray(), TestContext.Current.CancellationToken);
        }

        await using var damaged = await StorageUnderTest.Start(Path);

        var failure = await Assert.ThrowsAsync<StorageReadFailedException>(() => Read(damaged, "a"));
        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhenStopped_LeavesOneFileWithEverything()
    {
        await using (var storage = await StorageUnderTest.Start(Path))
        {
            await Write(storage, "a");
            await storage.Stop();
            await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(storage, "b"));
            await Assert.ThrowsAsync<StorageReadFailedException>(() => Read(storage, "a"));
        }

        Assert.False(File.Exists(Path + "-wal"));
        await using var again = await StorageUnderTest.Start(Path);
        Assert.True((await Read(again, "a")).RecordExists);
    }

    [Fact]
    public async Task Stop_WhenTheWriteAheadLogCannotBeEmptied_EndsAndTheNextStartHasEverything()
    {
        var storage = await StorageUnderTest.Start(options => (options.Path, options.BusyTimeout) = (Path, TimeSpan.FromMilliseconds(20)));
        await Write(storage, "a");
        using (var other = SqliteDatabase.Connect(Path, TimeSpan.Zero))
        {
            other.Execute("BEGIN");
            other.Scalar("SELECT count(*) FROM grain_state");
            await Write(storage, "b");
            await storage.DisposeAsync();
        }

        await using var again = await StorageUnderTest.Start(Path);
        Assert.True((await Read(again, "b")).RecordExists);
    }

    private Task<StorageUnderTest> Start() => StorageUnderTest.Start(options => (options.Path, options.MaxFileBytes) = (Path, Room));

    private static async Task<Dictionary<string, GrainState<Note>>> Fill(StorageUnderTest storage)
    {
        var written = new Dictionary<string, GrainState<Note>>();
        try
        {
            for (var i = 0; i < 1000; i++) written[$"{i}"] = await Write(storage, $"{i}");
        }
        catch (StorageWriteFailedException)
        {
            return written;
        }

        throw new InvalidOperationException("The file grew past its bound.");
    }

    private static async Task<GrainState<Note>> Write(StorageUnderTest storage, string key)
    {
        var state = new GrainState<Note>(new Note { Attachment = new byte[10_000] });
        await storage.Storage.WriteStateAsync("note", GrainId.Create("note", key), state);
        return state;
    }

    private static async Task<GrainState<Note>> Read(StorageUnderTest storage, string key)
    {
        var state = new GrainState<Note>();
        await storage.Storage.ReadStateAsync("note", GrainId.Create("note", key), state);
        return state;
    }
}
