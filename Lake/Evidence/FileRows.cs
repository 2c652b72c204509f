using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Evidence;

/// <summary>Reads from a lake file which records its rows come from.</summary>
internal static class FileRows
{
    /// <summary>The last row's record; null if the file has no row, or no row that tells its record.</summary>
    public static async Task<RecordMark?> ReadLastAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellationToken);
        if (reader.RowGroupCount == 0) return null;
        var marks = await ReadGroupAsync(reader, reader.RowGroupCount - 1, cancellationToken);
        return marks is [.., var last] ? last : null;
    }

    /// <summary>The records of all rows from an offset on, in the file's order.</summary>
    public static async Task<List<RecordMark>> ReadFromAsync(Stream stream, long offset, CancellationToken cancellationToken)
    {
        await using var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellationToken);
        var marks = new List<RecordMark>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            marks.AddRange((await ReadGroupAsync(reader, i, cancellationToken)).Where(mark => mark.Offset >= offset));
        }

        return marks;
    }

    private static async Task<List<RecordMark>> ReadGroupAsync(ParquetReader reader, int index, CancellationToken cancellationToken)
    {
        using var group = reader.OpenRowGroupReader(index);
        var offsets = new long?[group.RowCount];
        var times = new string?[group.RowCount];
        var events = new string?[group.RowCount];
        await group.ReadAsync<long>(Field("log_offset"), offsets.AsMemory(), null, cancellationToken);
        await group.ReadAsync(Field("timestamp"), times.AsMemory()!, null, cancellationToken);
        await group.ReadAsync(Field("raw_event"), events.AsMemory()!, null, cancellationToken);
        var marks = new List<RecordMark>(offsets.Length);
        for (var row = 0; row < offsets.Length; row++)
        {
            if (offsets[row] is { } offset && times[row] is { } time && events[row] is { } raw)
            {
                marks.Add(RecordMark.OfRow(offset, time, raw));
            }
        }

        return marks;

        DataField Field(string name) => reader.Schema.FindDataField(name);
    }
}
