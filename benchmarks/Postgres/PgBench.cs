using System.Globalization;
using System.Text.RegularExpressions;
using Banking.Benchmarks.Processes;
using Npgsql;

namespace Banking.Benchmarks.Postgres;

/// <summary>PostgreSQL's own benchmark: TPC-B, prepared statements, a process of its own.</summary>
internal static partial class PgBench
{
    private const int Scale = 10;

    private static readonly int[] Clients = [8, 16];

    /// <returns>The better number of transactions a second, of 8 clients and of 16.</returns>
    /// <exception cref="BenchmarkFailedException">pgbench is not installed, or failed.</exception>
    public static async Task<double> RunAsync(Workbench bench, string connectionString, CancellationToken cancellationToken)
    {
        await RunAsync(connectionString, cancellationToken, "--initialize", "--quiet", $"--scale={Scale}");
        var best = 0d;
        foreach (var clients in Clients)
        {
            var seconds = Math.Max(1, (int)Math.Round((bench.WarmUp + bench.Duration).TotalSeconds));
            var output = await RunAsync(
                connectionString, cancellationToken, "--protocol=prepared", $"--client={clients}", "--jobs=2", $"--time={seconds}");
            var tps = ReadRate(output);
            bench.Say($"pgbench, scale {Scale}, {clients} clients: {tps:N0} transactions/s");
            best = Math.Max(best, tps);
        }

        return best;
    }

    private static double ReadRate(string output) => Rate().Match(output) is { Success: true } rate
        ? double.Parse(rate.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : throw new BenchmarkFailedException($"pgbench did not tell its rate:\n{output}");

    private static async Task<string> RunAsync(string connectionString, CancellationToken cancellationToken, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var environment = new Dictionary<string, string?>
        {
            ["PGHOST"] = server.Host,
            ["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = server.Username,
            ["PGPASSWORD"] = server.Password,
        };
        await using var process = ChildProcess.StartProgram("pgbench", environment, [.. arguments, server.Database!]);
        await process.FinishAsync(cancellationToken);
        return process.Output;
    }

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex Rate();
}
