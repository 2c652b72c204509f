namespace Banking.Lake.Tables;

/// <summary>
/// A table of the lake: which events it takes, and its columns in file order (partition column <c>dt</c> not among them).
/// </summary>
public sealed record LakeTable(string Name, IReadOnlyList<string> EventTypes, IReadOnlyList<LakeColumn> Columns);
