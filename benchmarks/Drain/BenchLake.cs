using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Parquet;

namespace Banking.Benchmarks.Drain;

/// <summary>A lake of this run's own below the root that the settings name; removed at the end.</summary>
internal sealed class BenchLake : IAsyncDisposable
{
    private const string Setting = "Banking__Lake__Root";
    private readonly string _folder = $"drain-{Guid.NewGuid():N}";
    private readonly ILakeStore _store;

    private BenchLake(string root)
    {
        Root = $"{root.TrimEnd('/')}/{_folder}";
        _store = LakeStores.Create(new LakeSinkOptions { Root = root }, TimeProvider.System);
    }

    public string Root { get; }

    /// <exception cref="BenchmarkFailedException">The setting is missing.</exception>
    public static BenchLake Create()
    {
        var root = Environment.GetEnvironmentVariable(Setting)
            ?? throw new BenchmarkFailedException(
                $"This benchmark needs a lake: set {Setting}, e.g. {Setting}=webhdfs://localhost:9870/bench.");
        return new BenchLake(root);
    }

    /// <summary>Files and the rows that their footers name.</summary>
    public async Task<(int Files, long Rows)> CountAsync(CancellationToken cancellationToken)
    {
        var (files, rows) = (0, 0L);
        foreach (var table in LakeTables.All)
        {
            var days = $"{_folder}/{table.Name}";
            await foreach (var day in _store.ListAsync(days, cancellationToken))
            {
                var folder = $"{days}/{day.Name}";
                await foreach (var file in _store.ListAsync(folder, cancellationToken))
                {
                    await using var stream = await _store.OpenReadAsync($"{folder}/{file.Name}", cancellationToken);
                    await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
                    files++;
                    rows += reader.Metadata!.NumRows;
                }
            }
        }

        return (files, rows);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DeleteFolderAsync(_folder, CancellationToken.None);
        (_store as IDisposable)?.Dispose();
    }
}
