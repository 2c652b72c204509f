using System.CommandLine;
using Banking.Benchmarks.Actions;
using Banking.Benchmarks.Cold;
using Banking.Benchmarks.Drain;
using Banking.Benchmarks.Http;
using Banking.Benchmarks.Log;
using Banking.Benchmarks.Memory;
using Banking.Benchmarks.Recovery;
using Banking.Benchmarks.Sink;
using Banking.Benchmarks.Storage;
using Banking.Benchmarks.Streams;

namespace Banking.Benchmarks;

/// <summary>The command line: one command a benchmark, and hidden ones for the peers that run as processes of their own.</summary>
internal static class BenchmarkCommand
{
    private static readonly IBenchmark[] All =
    [
        new ActionsBenchmark(), new HttpBenchmark(), new LogBenchmark(), new SinkBenchmark(), new SqliteStorageBenchmark(),
        new PostgresStorageBenchmark(),
        new PostgresDepositsBenchmark(), new MemoryBenchmark(), new ProduceBenchmark(), new DeliverBenchmark(), new LatencyBenchmark(),
        new DrainBenchmark(), new ColdBenchmark(),
        new ForwardBenchmark(),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures the banking game, each part against a peer in the same run.");
        foreach (var benchmark in All) root.Add(CommandOf(benchmark));
        root.Add(List());
        root.Add(DictionaryBank.CreateCommand());
        root.Add(BareSilo.CreateCommand());
        var invocation =
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) };
        try
        {
            return await root.Parse(args).InvokeAsync(invocation);
        }
        catch (BenchmarkFailedException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return 130;
        }
    }

    private static Command CommandOf(IBenchmark benchmark)
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each part is measured.", DefaultValueFactory = _ => 8 };
        var folder = new Option<string>("--folder")
        {
            Description = "Where temporary folders are made; its disk is measured.",
            DefaultValueFactory = _ => Path.GetTempPath(),
        };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.5 and <= 3_600)) result.AddError("--seconds must be from 0.5 to 3600.");
        });
        var command = new Command(benchmark.Name, benchmark.Summary) { seconds, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var bench = new Workbench(
                TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetRequiredValue(folder), Console.Out, TimeProvider.System);
            var comparison = await benchmark.RunAsync(bench, cancellationToken);
            await Console.Out.WriteLineAsync(comparison.Line(benchmark.Name));
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Names the benchmarks.");
        command.SetAction(_ =>
        {
            foreach (var benchmark in All) Console.Out.WriteLine($"{benchmark.Name,-16} {benchmark.Summary}");
        });
        return command;
    }
}
