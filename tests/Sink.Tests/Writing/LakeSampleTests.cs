using System.Diagnostics;
using System.Text;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Writing;

/// <summary>The sample of a lake without Orleans does what it says.</summary>
public sealed class LakeSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_WhenTheLogGrowsAndItRunsAgain_WritesEachRowOnce()
    {
        await AppendAsync(from: 1, count: 30);
        Assert.Contains("Took 30 of 30 lines", await RunAsync(), StringComparison.Ordinal);

        await AppendAsync(from: 31, count: 20);
        await RunAsync();
        await RunAsync();

        using var lake = new DuckLake($"{_folder.Path}/lake");
        var numbers = lake.Query("cash_transactions", "select sequence_number from {table} order by 1").Select(row => (long)row[0]!);
        Assert.Equal(Enumerable.Range(1, 50).Select(number => (long)number), numbers);
    }

    private Task AppendAsync(int from, int count) => File.AppendAllLinesAsync(
        $"{_folder.Path}/log.jsonl", Enumerable.Range(from, count)
            .Select(number => Encoding.UTF8.GetString(Json.Deposit("alice", number))), Token);

    private async Task<string> RunAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
            [Path.Combine(AppContext.BaseDirectory, "Banking.LakeSample.dll"), $"{_folder.Path}/lake", $"{_folder.Path}/log.jsonl"];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
