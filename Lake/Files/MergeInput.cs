using System.Globalization;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Parquet;

namespace Banking.Lake.Files;

/// <summary>A file to be merged, open for reading.</summary>
internal sealed class MergeInput : IAsyncDisposable
{
    // One read instead of one per column and row group: the cost of a small file is its round trips.
    private const long ReadAtOnce = 16 << 20;
    private readonly Stream _stream;

    private MergeInput(string path, Stream stream, ParquetReader reader)
    {
        Path = path;
        _stream = stream;
        Reader = reader;
        var newer = int.TryParse(
            reader.CustomMetadata.GetValueOrDefault("banking.schema"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var schema) && schema > LakeTables.SchemaVersion;
        if (newer)
        {
            throw new InvalidDataException($"{path} was written by a newer version, and may have columns that this one does not know.");
        }
    }

    public string Path { get; }

    public ParquetReader Reader { get; }

    /// <summary>The footer of a file written by the sink.</summary>
    public FileFooter Footer => FileFooter.FromMetadata(Reader.CustomMetadata);

    public static async Task<MergeInput> OpenAsync(ILakeStore store, string path, CancellationToken cancellationToken)
    {
        var stream = await store.OpenReadAsync(path, cancellationToken);
        if (stream.Length <= ReadAtOnce) stream = await ReadAllAsync(stream, cancellationToken);
        return await OpenAsync(path, stream, cancellationToken);
    }

    /// <param name="stream">Disposed with the input.</param>
    public static async Task<MergeInput> OpenAsync(string path, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return new MergeInput(
                path, stream, await ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellationToken));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public int RowsOf(int group)
    {
        using var reader = Reader.OpenRowGroupReader(group);
        return checked((int)reader.RowCount);
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _stream.DisposeAsync();
    }

    private static async Task<Stream> ReadAllAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var source = stream;
        var bytes = new byte[stream.Length];
        await source.ReadExactlyAsync(bytes, cancellationToken);
        return new MemoryStream(bytes, writable: false);
    }
}

/// <summary>A row group of an input.</summary>
internal readonly record struct MergeSlice(MergeInput Input, int Group, int Rows);
