namespace Banking.Lake.Catalog;

/// <summary>A registered day of a table.</summary>
/// <param name="Location">Where the catalog says its files are, a URL.</param>
/// <param name="Folder">The same relative to the lake's root; null if it is not in the lake.</param>
/// <param name="Parameters">Whatever is written beside it, the catalog's own notes among them.</param>
public sealed record LakePartition(string Location, string? Folder, IReadOnlyDictionary<string, string> Parameters);

/// <summary>Where a day is to be registered.</summary>
/// <param name="Folder">Relative to the lake's root.</param>
/// <param name="Parameters">What is written beside it.</param>
public sealed record PartitionPlace(DateOnly Day, string Folder, IReadOnlyDictionary<string, string> Parameters);
