namespace Banking.Silo.Settings;

/// <summary>Where accounts and markets are kept.</summary>
public sealed class StorageSettings
{
    /// <summary>
    /// A connection string of Npgsql: the state is in that PostgreSQL database, and all silos with the same one are a cluster. Null: a
    /// SQLite file and a single silo. A secret: it appears in no message.
    /// </summary>
    public string? PostgreSql { get; set; }
}
