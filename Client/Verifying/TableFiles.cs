using Banking.Client.Querying;

namespace Banking.Client.Verifying;

/// <summary>
/// Looks for files on which an engine would fail: anything visible in a table's folder that is not a complete Parquet file.
/// </summary>
internal static class TableFiles
{
    // Magic, footer length and magic again are the least that a Parquet file contains.
    private const int Smallest = 12;

    public static FileCheck Check(string lake)
    {
        var files = 0;
        List<string> unreadable = [];
        foreach (var (table, _) in LakeViews.All)
        {
            foreach (var file in LakeFiles.Visible(lake, table))
            {
                files++;
                if (WrongWith(file) is { } reason) unreadable.Add($"{Path.GetRelativePath(lake, file)} {reason}");
            }
        }

        return new FileCheck(files, unreadable);
    }

    private static string? WrongWith(string path)
    {
        if (!path.EndsWith(".parquet", StringComparison.Ordinal)) return "is no .parquet file";
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        if (file.Length < Smallest) return $"has only {file.Length} bytes";
        Span<byte> head = stackalloc byte[4];
        Span<byte> tail = stackalloc byte[8];
        file.ReadExactly(head);
        file.Seek(-8, SeekOrigin.End);
        file.ReadExactly(tail);
        if (!head.SequenceEqual("PAR1"u8) || !tail[4..].SequenceEqual("PAR1"u8)) return "is not a whole Parquet file";
        return BitConverter.ToUInt32(tail) > file.Length - Smallest ? "has a footer longer than itself" : null;
    }
}
