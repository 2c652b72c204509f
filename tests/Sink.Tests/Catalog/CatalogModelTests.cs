using Banking.Lake;
using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Store;
using Banking.Sink.Catalog;
using Banking.Sink.Compaction;
using Banking.Sink.Diagnostics;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Compaction;
using Banking.Sink.Tests.Support;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests.Catalog;

/// <summary>
/// Random lives of a metastore beside a lake: days are compacted and cleaned, files come late, somebody drops a partition or a table,
/// brings back an older metastore or begins with an empty one, processes die between any two calls, the silos are told of no metastore for
/// a while. No query ever sees a row twice, and after the next comparison each sees exactly the lake's rows; one that goes by the
/// manifests misses no row that it saw.
/// </summary>
public sealed class CatalogModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Compare_WhateverHappenedToTheMetastore_ThenQueriesSeeTheLakesRows() => Gen.Int.SampleAsync(LiveAsync, iter: 40, threads: 1);

    private static async Task LiveAsync(int seed)
    {
        using var life = new Life(seed);
        for (var step = 0; step < 25; step++) await new[] { life.Time }.RunUntilAsync(life.StepAsync());
        await new[] { life.Time }.RunUntilAsync(life.CompareAsync());
    }

    private sealed class Life : IDisposable
    {
        private readonly Random _random;
        private readonly CompactionLake _lake = new();
        private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly CatalogMetrics _metrics;
        private readonly List<IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, LakePartition>>> _backups = [];
        private readonly List<string> _story = [];
        private readonly HashSet<long> _seen = [];
        private CatalogSync? _sync;

        public Life(int seed)
        {
            _random = new Random(seed);
            _metrics = new CatalogMetrics(_provider.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
            _lake.Options.Grace = TimeSpan.Zero;

            // This clock runs much faster than the disk, and a sink may have to wait for what a dead process left.
            _lake.Sink.Options.WaitTimeout = TimeSpan.FromHours(1);
            _lake.Sink.Time.Advance(TimeSpan.FromDays(1));
            _backups.Add(_lake.Catalog.Save());
        }

        public FakeTimeProvider Time => _lake.Sink.Time;

        public async Task StepAsync()
        {
            var what = _random.Next(13);
            _story.Add($"{what}");
            switch (what)
            {
                case 0 or 1:
                    await _lake.AddFilesAsync(_random.Next(1, 4), registers: false);
                    break;
                case 2 or 3:
                    await UnlessItDiesAsync(CompactAsync);
                    break;
                case 4 or 5:
                    await UnlessItDiesAsync((store, catalog) => _lake.CleanAsync(store, catalog));
                    break;
                case 6:
                    _lake.Catalog.Drop(CompactionLake.Table, CompactionLake.Day);
                    break;
                case 7:
                    _lake.Catalog.Drop(CompactionLake.Table);
                    break;
                case 8:
                    _backups.Add(_lake.Catalog.Save());
                    break;
                case 9:
                    _lake.Catalog.Restore(_backups[_random.Next(_backups.Count)]);
                    break;
                case 10:
                    Restart();
                    break;
                case 11:
                    _lake.HasCatalog = !_lake.HasCatalog;
                    Restart();
                    break;
                default:
                    await CompareAsync();
                    break;
            }

            await LookAsync();
        }

        public async Task CompareAsync()
        {
            // One that dies, then its successor.
            if (_random.Next(3) == 0) await UnlessItDiesAsync((store, catalog) => Open(store, catalog).FlushAsync(Token));
            _sync ??= Open(Observed(_lake.Sink.Store), Immortal());
            Assert.True(await _sync.FlushAsync(Token) is null, Story(_sync.Status.Failure + string.Join(' ', _sync.Status.Refusals)));
            var visible = _lake.HasCatalog ? await VisibleAsync() : await _lake.VisibleByManifestAsync();
            Assert.True(
                Enumerable.Range(0, _lake.Sink.Log.Records.Count).Select(i => (long)i).SequenceEqual(visible),
                Story($"{visible.Count} of {_lake.Sink.Log.Records.Count} rows"));
        }

        public void Dispose()
        {
            Restart();
            _lake.Dispose();
            _metrics.Dispose();
            _provider.Dispose();
        }

        private async Task CompactAsync(ILakeStore store, ILakeCatalog catalog)
        {
            var draft = await _lake.MergeAsync(store, catalog);
            if (draft is null) return;
            using var sync = Open(store, catalog);
            await sync.SwitchAsync(new LakeDay(draft.Table.Name, draft.Day), draft.Basis, draft.Id, Token);
        }

        // Half of the processes die, in the lake or in the catalog; the next one knows nothing of what they knew.
        private async Task UnlessItDiesAsync(Func<ILakeStore, ILakeCatalog, Task> work)
        {
            var never = int.MaxValue;
            var dies = _random.Next(2) == 0;
            var inLake = _random.Next(2) == 0;
            var store = Observed(new MortalStore(_lake.Sink.Store, dies && inLake ? _random.Next(1, 40) : never, _random.Next(2) == 0));
            var catalog = new MortalCatalog(_lake.Catalog, dies && !inLake ? _random.Next(1, 12) : never, _random.Next(2) == 0, LookAsync);
            try
            {
                await work(store, catalog);
            }
            catch (Exception e) when (e is IOException or DayNotCompactableException)
            {
                _story.Add(e.Message);
                Restart();
            }
        }

        private CatalogSync Open(ILakeStore store, ILakeCatalog catalog) =>
            new(
                store,
                _lake.HasCatalog ? catalog : null,
                _metrics,
                Options.Create(new LakeSinkOptions { WaitTimeout = TimeSpan.FromHours(1) }),
                Time,
                NullLogger<CatalogSync>.Instance);

        private MortalCatalog Immortal() => new(_lake.Catalog, int.MaxValue, false, LookAsync);

        private ObservedStore Observed(ILakeStore store) => new(store, LookAsync);

        private void Restart()
        {
            _sync?.Dispose();
            _sync = null;
            _lake.Watch = new GraceWatch(Time);
        }

        private async Task LookAsync()
        {
            var visible = await VisibleAsync();
            Assert.True(visible.Distinct().Count() == visible.Count, Story("a row twice"));
            var byManifest = await _lake.VisibleByManifestAsync();
            Assert.True(byManifest.Distinct().Count() == byManifest.Count, Story("a row twice by the manifest"));
            Assert.True(_seen.IsSubsetOf(byManifest), Story("a row that went"));
            _seen.UnionWith(byManifest);
        }

        // A query fails in a folder that was cleaned, as it should.
        private async Task<List<long>> VisibleAsync() =>
            await _lake.Catalog.GetPartitionAsync(CompactionLake.Table, CompactionLake.Day, Token) is { Folder: { } folder }
            && !_lake.Names(folder).Contains(CleanedMark.VisibleName)
                ? await _lake.OffsetsAsync(folder)
                : [];

        private string Story(string what) => $"{what}, after {string.Join(", ", _story)}";
    }
}
