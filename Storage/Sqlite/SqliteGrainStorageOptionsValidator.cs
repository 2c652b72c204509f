
namespace Banking.Storage.Sqlite;

/// <summary>Stops the silo's start on a setting that can't work, with a sentence that names it.</summary>
internal sealed class SqliteGrainStorageOptionsValidator(SqliteGrainStorageOptions options, string name) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        Require(!string.IsNullOrWhiteSpace(options.Path), nameof(options.Path), "must name a file");
        Require(!Directory.Exists(options.Path), nameof(options.Path), $"is a folder: '{options.Path}'");
        Require(Enum.IsDefined(options.Durability), nameof(options.Durability), "is unknown");
        Require(options.MaxTransactionRows > 0, nameof(options.MaxTransactionRows), "must be at least 1");
        Require(options.MaxTransactionBytes > 0, nameof(options.MaxTransactionBytes), "must be at least 1");
        Require(options.MaxQueuedWrites > 0, nameof(options.MaxQueuedWrites), "must be at least 1");
        Require(options.MaxStateBytes is > 0 and <= 512 << 20, nameof(options.MaxStateBytes), "must be between 1 byte and 512 MiB");
        Require(options.MaxFileBytes is null or >= 65_536, nameof(options.MaxFileBytes), "must be at least 65536");
        Require(options.WriterCacheBytes >= 1 << 16, nameof(options.WriterCacheBytes), "must be at least 65536");
        Require(options.ReaderCacheBytes >= 1 << 16, nameof(options.ReaderCacheBytes), "must be at least 65536");
        Require(options.IdleReaders >= 0, nameof(options.IdleReaders), "must not be negative");
        Require(
            options.BusyTimeout >= TimeSpan.Zero && options.BusyTimeout <= TimeSpan.FromHours(1),
            nameof(options.BusyTimeout),
            "must be between 0 and an hour");
    }

    private void Require(bool holds, string setting, string sentence)
    {
        if (!holds) throw new OrleansConfigurationException($"SQLite grain storage '{name}': {setting} {sentence}.");
    }
}
