using Banking.Silo.Starting;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>A part in the bank's data folder.</summary>
/// <param name="bank">The folder.</param>
/// <param name="copies">Where copies are.</param>
/// <param name="pattern">What is the part's there: a database with what its file system keeps beside it, or a folder.</param>
internal class EmbeddedPart(string bank, CopyFolders copies, string pattern) : IBankPart
{
    protected string Bank => bank;

    protected CopyFolders Copies => copies;

    // A silo keeps there whatever has no other place.
    public void Configure(IDictionary<string, string?> settings)
    {
    }

    public Task Save(int copy)
    {
        Copy(bank, copies[copy]);
        return Task.CompletedTask;
    }

    public Task PutBack(int copy)
    {
        foreach (var entry in Directory.GetFileSystemEntries(bank, pattern))
        {
            if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
            else File.Delete(entry);
        }

        Copy(copies[copy], bank);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Copy(string from, string to)
    {
        foreach (var entry in Directory.GetFileSystemEntries(from, pattern))
            FolderCopy.Make(entry, Path.Combine(to, Path.GetFileName(entry)));
    }
}

internal sealed class EmbeddedLog(string bank, CopyFolders copies) : EmbeddedPart(bank, copies, "log.db*"), ILogPart
{
    public bool BecomesAnother => false;

    public async Task<long[]> ReadEnds(int copy, CancellationToken cancellationToken)
    {
        var options = new SqliteLogOptions { Path = DataDirectory.Unused(Copies[copy]).LogFile, RetentionAge = null };
        await using var log = SqliteLog.Open(options, TimeProvider.System, NullLogger.Instance);
        var ends = new long[log.PartitionCount];
        for (var p = 0; p < ends.Length; p++) ends[p] = (await log.GetBoundsAsync(p, cancellationToken)).Next;
        return ends;
    }
}

internal sealed class EmbeddedLake(string bank, CopyFolders copies) : EmbeddedPart(bank, copies, "lake*"), ILakePart
{
    public Task<string> Read() => Task.FromResult(DataDirectory.Unused(Bank).LakeFolder);
}
