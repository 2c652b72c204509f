using System.Text.RegularExpressions;
using Banking.Client.Engines;
using Banking.Client.Querying;
using Banking.Client.Terminals;

namespace Banking.Client.Verifying;

/// <summary>
/// Finds broken files through Presto, which names one each time it fails. That one is excluded by its <c>$path</c>, and the table is read
/// again.
/// </summary>
internal sealed partial class QueriedFiles(IQueryEngine engine)
{
    // Each broken file costs a query.
    private const int Most = 100;

    private readonly List<string> _unreadable = [];

    public async Task<FileCheck> CheckAsync(CancellationToken cancellationToken)
    {
        var files = 0;
        foreach (var (table, _) in LakeViews.All) files += await CheckTableAsync(table, cancellationToken);
        return new FileCheck(files, _unreadable);
    }

    private async Task<int> CheckTableAsync(string table, CancellationToken cancellationToken)
    {
        List<string> broken = [];
        while (true)
        {
            try
            {
                var without = broken.Count == 0 ? "" : $" WHERE \"$path\" NOT IN ({string.Join(", ", broken.Select(LakeViews.Quote))})";
                var whole = await CountAsync($"SELECT \"$path\" AS path FROM {table}{without} GROUP BY 1", cancellationToken);
                return whole + broken.Count;
            }
            catch (QueryRefusedException refused) when (
                _unreadable.Count < Most && BrokenFile(refused.Message) is { } file && !broken.Contains(file))
            {
                broken.Add(file);
                _unreadable.Add(file + (IsParquet(file) ? " is not a whole Parquet file" : " is no .parquet file"));
            }
            catch (QueryRefusedException refused)
            {
                throw new CommandFailedException($"The table {table} can't be read: {refused.Message}", refused);
            }
        }
    }

    private async Task<int> CountAsync(string sql, CancellationToken cancellationToken)
    {
        List<string> misnamed = [];
        var files = 0;
        await using var paths = await engine.RunAsync(sql, cancellationToken);
        for (; await paths.ReadAsync(); files++)
            if (!IsParquet(paths[0].Text)) misnamed.Add(paths[0].Text + " is no .parquet file");
        _unreadable.AddRange(misnamed);
        return files;
    }

    /// <summary>
    /// The file that Presto's sentence calls broken; null if the sentence is about something else, such as an unavailable data node.
    /// </summary>
    internal static string? BrokenFile(string sentence) =>
        Broken().Match(sentence) is { Success: true } found ? found.Groups["path"].Value : null;

    private static bool IsParquet(string file) => file.EndsWith(".parquet", StringComparison.Ordinal);

    // The wording of presto-parquet's MetadataReader and presto-hive's page source.
    [GeneratedRegex(@"(?<path>\w+:/[^\n]+?)( is not a valid Parquet File| expected magic number| metadata index: -?\d+ out of range| "
        + @"\(offset=\d+, length=\d+\): can not read class org\.apache\.parquet)", RegexOptions.CultureInvariant)]
    private static partial Regex Broken();
}
