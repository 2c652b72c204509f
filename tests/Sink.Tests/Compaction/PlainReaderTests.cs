using System.Diagnostics;
using System.Text.RegularExpressions;
using Banking.Sink.Tests.Support;
using DuckDB.NET.Data;

namespace Banking.Sink.Tests.Compaction;

/// <summary>Readers that know nothing of this program see each row once if they do what docs/lake.md says, by its very words.</summary>
public sealed partial class PlainReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sql_WhateverStateADayIsIn_ThenSeesEachRowOnce()
    {
        var sql = Block("sql", "-- The manifests; then the folders");
        await ThroughALifeAsync(lake => Task.FromResult(Ask(sql, lake.Sink.Root)));
    }

    [Fact]
    public async Task Python_WhateverStateADayIsIn_ThenSeesEachRowOnce()
    {
        if (!HasPython()) Assert.Skip("There is no python3 on this machine.");
        var python = Block("python", "import json, os") + "print(\"\\n\".join(files))\n";
        await ThroughALifeAsync(
            async lake => Count(await RunAsync("python3", "-c", python.Replace("data/lake", lake.Sink.Root, StringComparison.Ordinal))));
    }

    private static async Task ThroughALifeAsync(Func<CompactionLake, Task<long>> count)
    {
        using var lake = new CompactionLake { HasCatalog = false };
        lake.Sink.Time.Advance(TimeSpan.FromDays(1));
        for (var life = 0; life < 3; life++) await lake.AddFilesAsync(2, registers: false);
        Assert.Equal(18, await count(lake));
        await lake.MergeAsync();
        Assert.Equal(18, await count(lake));
        await lake.CompactAsync();
        Assert.Equal(18, await count(lake));
        await lake.AddFilesAsync(1, registers: false);
        await lake.PublishAsync();
        Assert.Equal(21, await count(lake));
        await lake.CompactAsync();
        Assert.Equal(21, await count(lake));
        await lake.CleanAsync();
        lake.Sink.Time.Advance(lake.Options.Grace);
        Assert.True(await lake.CleanAsync() > 0);
        Assert.Equal(21, await count(lake));

        // Another day, which nobody has compacted.
        lake.Sink.Log.Add(Json.Deposit("b", 1), Json.Noon + (long)TimeSpan.FromDays(1).TotalMilliseconds);
        var sink = await lake.Sink.OpenAsync();
        await sink.DrainAsync();
        await sink.CloseAsync();
        Assert.Equal(22, await count(lake));
    }

    private static long Ask(string sql, string root)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("data/lake", root, StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        var rows = 0L;
        do
        {
            while (reader.Read()) rows += reader.GetInt64(reader.GetOrdinal("count_star()"));
        }
        while (reader.NextResult());
        return rows;
    }

    private static long Count(string files)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var list = string.Join(", ", files.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(file => $"'{file}'"));
        command.CommandText = $"select count(distinct log_offset), count(*) from read_parquet([{list}])";
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(reader.GetInt64(0), reader.GetInt64(1));
        return reader.GetInt64(1);
    }

    private static bool HasPython() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "python3")));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    private static string Block(string language, string contains)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docs", "lake.md"))) folder = folder.Parent!;
        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "lake.md"));
        var fence = Assert.Single(
            Fence().Matches(text),
            match => match.Groups[1].Value == language && match.Groups[2].Value.Contains(contains, StringComparison.Ordinal));
        return fence.Groups[2].Value;
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
