using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Compaction;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Support;
using Parquet;

namespace Banking.Sink.Tests.Compaction;

/// <summary>A sink's lake with a catalog beside it, and what compacts its days.</summary>
internal sealed class CompactionLake : IDisposable
{
    public static readonly LakeTable Table = LakeTables.CashTransactions;
    public static readonly DateOnly Day = new(2026, 11, 23);
    private readonly ParquetEncoder _encoder = new(100);
    private long _sequence;

    public SinkFixture Sink { get; } = new();

    public MemoryCatalog Catalog { get; } = new();

    /// <summary>Whether a metastore is set; where it is not, queries go by the manifests alone.</summary>
    public bool HasCatalog { get; set; } = true;

    private ILakeCatalog? Kept => HasCatalog ? Catalog : null;

    public CompactionOptions Options { get; } = new() { RowGroupRows = 10 };

    public ManifestBook Manifests => new(Sink.Store);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Commits files of one row or a few each.</summary>
    public async Task AddFilesAsync(int files, int rows = 3, TestSink? sink = null, bool registers = true)
    {
        var owner = sink ?? await Sink.OpenAsync();
        for (var i = 0; i < files; i++)
        {
            for (var row = 0; row < rows; row++) Sink.Log.Add(Json.Deposit("a", ++_sequence), Json.Noon);
            await owner.DrainAsync();
        }

        if (sink is null) await owner.CloseAsync();
        if (registers) await RegisterAsync();
    }

    public async Task RegisterAsync()
    {
        await Catalog.EnsureTableAsync(Table, Token);
        await Catalog.AddPartitionsAsync(Table, [Day], Token);
    }

    public GraceWatch Watch { get; set; }

    public CompactionLake() => Watch = new GraceWatch(Sink.Time);

    public DayShelf Shelf(ILakeStore? store = null) => new(store ?? Sink.Store, Kept, Sink.Time);

    public Task<DayDraft?> MergeAsync(ILakeStore? store = null, ILakeCatalog? catalog = null, DateOnly? day = null) =>
        new DayCompaction(store ?? Sink.Store, HasCatalog ? catalog ?? Catalog : null, Options, Sink.Time, _ => { }).RunAsync(
            Table, day ?? Day, Token);

    public async Task<bool> CompactAsync(ILakeStore? store = null, DateOnly? day = null) =>
        await MergeAsync(store, day: day) is { } draft && await Shelf(store).SwitchAsync(draft, Token);

    public Task<bool> PublishAsync() => Shelf().PublishAsync(Table, Day, Token);

    public Task<int?> CleanAsync(ILakeStore? store = null, ILakeCatalog? catalog = null, DateOnly? day = null) =>
        new DayCleaning(store ?? Sink.Store, HasCatalog ? catalog ?? Catalog : null, _encoder, Options, Watch, Sink.Time).RunAsync(
            Table, day ?? Day, Token);

    /// <summary>The folder that queries read.</summary>
    public async Task<string> FolderAsync() => (await Catalog.GetPartitionAsync(Table, Day, CancellationToken.None))!.Folder!;

    /// <summary>What a query sees of the day, by the catalog.</summary>
    public async Task<List<long>> VisibleAsync() => await OffsetsAsync(await FolderAsync());

    /// <summary>What an engine sees that goes by the manifests.</summary>
    public async Task<List<long>> VisibleByManifestAsync() =>
        await OffsetsAsync((await Manifests.NewestAsync(Table, Day, CancellationToken.None))?.Folder ?? LakePath.DayFolder(Table, Day));

    /// <summary>The sink's own files of the day.</summary>
    public List<string> OwnNames() => [.. Names(LakePath.DayFolder(Table, Day)).Where(name => name != CleanedMark.VisibleName)];

    /// <summary>What engines see in a folder.</summary>
    public List<string> Names(string folder) => Directory.Exists($"{Sink.Root}/{folder}")
        ?
        [
            .. Directory.EnumerateFileSystemEntries($"{Sink.Root}/{folder}")
                .Select(p => Path.GetFileName(p))
                .Where(name => name[0] is not '_' and not '.')
                .Order(StringComparer.Ordinal),
        ]
        : [];

    public void Dispose()
    {
        Sink.Dispose();
        _encoder.Dispose();
    }

    /// <summary>What a query sees in a folder, by the offsets of the rows.</summary>
    public async Task<List<long>> OffsetsAsync(string folder)
    {
        var offsets = new List<long>();
        foreach (var name in Names(folder))
        {
            await using var reader = await ParquetReader.CreateAsync($"{Sink.Root}/{folder}/{name}");
            for (var i = 0; i < reader.RowGroupCount; i++)
            {
                using var group = reader.OpenRowGroupReader(i);
                var values = new long?[group.RowCount];
                await group.ReadAsync<long>(reader.Schema.FindDataField("log_offset"), values.AsMemory());
                offsets.AddRange(values.Select(value => value!.Value));
            }
        }

        offsets.Sort();
        return offsets;
    }
}
