using Banking.Client.Engines.Presto;

namespace Banking.Client.Querying;

/// <summary>Where the lake is read.</summary>
/// <param name="Folder">Its folder on this machine.</param>
/// <param name="Presto">Who answers instead; null: DuckDB in this process reads the folder.</param>
internal sealed record LakePlace(string Folder, PrestoServer? Presto);
