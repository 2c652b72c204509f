using Banking.Silo.Hosting;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Simulations.Tests.Clusters;

[Flags]
internal enum BankParts
{
    None = 0,
    Database = 1,
    Log = 2,
    Lake = 4,
}

/// <summary>A bank's folder, which outlives its silos, and copies of it. Its parts are saved and put back while no silo runs.</summary>
internal sealed class BankFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("banking-folder-").FullName;
    private int _copies;

    public BankFolder() => Directory.CreateDirectory(Path);

    public string Path => System.IO.Path.Combine(_root, "bank");

    /// <returns>The copy's folder.</returns>
    public string Save()
    {
        var copy = System.IO.Path.Combine(_root, $"copy-{_copies++}");
        Copy(Path, copy);
        return copy;
    }

    /// <summary>What the folder has of these parts goes, and what the copy has takes its place.</summary>
    public void PutBack(string copy, BankParts parts)
    {
        foreach (var part in new[] { BankParts.Database, BankParts.Log, BankParts.Lake })
        {
            if (!parts.HasFlag(part)) continue;
            foreach (var entry in EntriesOf(Path, part))
            {
                if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
                else File.Delete(entry);
            }

            foreach (var entry in EntriesOf(copy, part)) Copy(entry, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(entry)));
        }
    }

    /// <summary>How far the log in a folder goes, by partition.</summary>
    public static async Task<long[]> ReadLogEnds(string folder, CancellationToken cancellationToken)
    {
        using var data = DataDirectory.Open(folder);
        await using var log = SqliteLog.Open(new SqliteLogOptions { Path = data.LogFile, RetentionAge = null }, TimeProvider.System, NullLogger.Instance);
        var ends = new long[log.PartitionCount];
        for (var partition = 0; partition < ends.Length; partition++) ends[partition] = (await log.GetBoundsAsync(partition, cancellationToken)).Next;
        return ends;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // A database with what its file system keeps beside it.
    private static string[] EntriesOf(string folder, BankParts part) => Directory.GetFileSystemEntries(folder, part switch
    {
        BankParts.Database => "storage.db*",
        BankParts.Log => "log.db*",
        _ => "lake*",
    });

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.GetFileSystemEntries(from)) Copy(entry, System.IO.Path.Combine(to, System.IO.Path.GetFileName(entry)));
    }
}
