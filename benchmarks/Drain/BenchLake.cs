using Banking.Sink.Hosting;
using Banking.Sink.Store;
using Banking.Sink.Store.WebHdfs;
using Banking.Sink.Tables;
using Parquet;

namespace Banking.Benchmarks.Drain;

/// <summary>A lake of this run's own below the root that the settings name; removed at the end.</summary>
internal sealed class BenchLake : IAsyncDisposable
{
    private const string Setting = "Banking__Lake__Root";
    private readonly ILakeStore _store;

    private BenchLake(string root)
    {
        Root = root;
        _store = LakeStores.Create(new LakeSinkOptions { Root = root }, TimeProvider.System);
    }

    public string Root { get; }

    /// <exception cref="BenchmarkFailedException">The setting is missing.</exception>
    public static BenchLake Create()
    {
        var root = Environment.GetEnvironmentVariable(Setting)
            ?? throw new BenchmarkFailedException($"This benchmark needs a lake: set {Setting}, e.g. {Setting}=webhdfs://localhost:9870/bench.");
        return new BenchLake($"{root.TrimEnd('/')}/drain-{Guid.NewGuid():N}");
    }

    /// <summary>Files and the rows that their footers name.</summary>
    public async Task<(int Files, long Rows)> CountAsync(CancellationToken cancellationToken)
    {
        var (files, rows) = (0, 0L);
        foreach (var table in LakeTables.All)
        {
            await foreach (var day in _store.ListAsync(table.Name, cancellationToken))
            {
                var folder = $"{table.Name}/{day.Name}";
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
        (_store as IDisposable)?.Dispose();
        if (LakeStores.IsFolder(Root))
        {
            if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
            return;
        }

        var address = WebHdfsAddress.Parse(Root);
        using var http = new HttpClient();
        using var reply = await http.DeleteAsync(new Uri(address.NameNodes[0], $"webhdfs/v1{address.Path}?op=DELETE&recursive=true"));
        reply.EnsureSuccessStatusCode();
    }
}
