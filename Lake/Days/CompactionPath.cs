using System.Globalization;
using Banking.Lake.Files;
using Banking.Lake.Tables;

namespace Banking.Lake.Days;

/// <summary>
/// Where the files of compacted days are, relative to the lake's root. In a folder that engines read, no part of the path begins with
/// <c>_</c> or <c>.</c>, and one part is <c>dt=…</c>. Pure.
/// </summary>
internal static class CompactionPath
{
    public const string Root = "compacted";

    /// <summary>Staged files on their way into a folder that is already visible.</summary>
    public const string StagedFolder = LakePath.Staging + "/" + Root;

    public static string TableFolder(LakeTable table) => $"{Root}/{table.Name}";

    public static string DayFolder(LakeTable table, DateOnly day) => $"{TableFolder(table)}/{LakePath.DayFolderName(day)}";

    /// <summary>The folder of one generation of a day: <c>compacted/cash_transactions/dt=2026-11-23/00000000000000000001-9f…</c>.</summary>
    /// <param name="draft">Different for every attempt.</param>
    public static string GenerationFolder(LakeTable table, DateOnly day, long generation, Guid draft) =>
        $"{DayFolder(table, day)}/{Number(generation)}-{draft:N}";

    public static string Part(string folder, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}/part-{number:D5}.parquet");

    public static string ManifestTableFolder(LakeTable table) => $"_compactions/{table.Name}";

    public static string ManifestFolder(LakeTable table, DateOnly day) => $"{ManifestTableFolder(table)}/{LakePath.DayFolderName(day)}";

    public static string Manifest(LakeTable table, DateOnly day, long generation) => $"{ManifestFolder(table, day)}/{Number(generation)}";

    /// <summary>While this file exists, no file is added to the day's own folder.</summary>
    public static string Seal(LakeTable table, DateOnly day) => $"{ManifestFolder(table, day)}/sealed";

    public static string Staged(LakeTable table, string unique) => $"{StagedFolder}/{table.Name}-{unique}";

    public static bool TryParseManifest(string name, out long generation) => LakePath.TryParseClaim(name, out generation);

    public static bool TryParseGenerationFolder(string name, out long generation)
    {
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        generation = 0;
        return dash > 0 && TryParseManifest(name[..dash], out generation);
    }

    /// <summary>
    /// A merged folder's own manifest, which engines don't see. The manifest that counts is the one in <see cref="ManifestFolder"/>.
    /// </summary>
    public static string DraftManifest(string folder) => $"{folder}/_manifest";

    /// <summary>Whether a folder is a generation of this day, and which number it has.</summary>
    public static bool TryParseGeneration(string? folder, LakeTable table, DateOnly day, out long generation)
    {
        generation = 0;
        var parent = DayFolder(table, day) + "/";
        return folder is not null
            && folder.StartsWith(parent, StringComparison.Ordinal)
            && !folder.AsSpan(parent.Length).Contains('/')
            && TryParseGenerationFolder(folder[parent.Length..], out generation);
    }

    private static string Number(long generation) => generation.ToString("D20", CultureInfo.InvariantCulture);
}
