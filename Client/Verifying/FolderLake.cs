using Banking.Client.Querying;
using Banking.Client.Terminals;
using DuckDB.NET.Data;

namespace Banking.Client.Verifying;

/// <summary>A lake in a folder on this machine; the audit's own DuckDB reads it.</summary>
internal sealed class FolderLake : IAuditedLake
{
    private readonly string _folder;

    /// <exception cref="CommandFailedException">There is no lake there.</exception>
    public FolderLake(string folder) => _folder = LakeFolder.Of(folder);

    public Task<FileCheck> CheckFilesAsync(CancellationToken cancellationToken) => Task.FromResult(TableFiles.Check(_folder));

    public Task OfferEventsAsync(AuditDatabase audit, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (name, columns) in LakeViews.All) audit.Execute(LakeViews.CreateView(name, columns, _folder));
            var all = AuditedEvents.Tables
                .Select(table => $"SELECT '{table}' AS source, {AuditedEvents.ColumnNames} FROM {table} WHERE event_id IS NOT NULL");
            audit.Execute($"CREATE VIEW {AuditDatabase.LakeEvents} AS {string.Join(" UNION ALL ", all)}");
            return Task.CompletedTask;
        }
        catch (DuckDBException failure)
        {
            throw new CommandFailedException($"The lake at {_folder} can't be read: {DuckDbLake.FirstLine(failure)}", failure);
        }
    }

    public void Dispose()
    {
    }
}
