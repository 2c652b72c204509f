using System.Globalization;
using System.Text.RegularExpressions;

namespace Banking.Benchmarks.Processes;

/// <summary>The built client's load of deposits, as a process of its own.</summary>
internal static partial class LoadProcess
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    /// <summary>Opens accounts and deposits to them until so many actions are acknowledged.</summary>
    public static Task<Load> RunAsync(
        string url, int connections, int accounts, long actions, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync(url, connections, accounts, "--actions", actions.ToString(CultureInfo.InvariantCulture), time, cancellationToken);

    /// <summary>
    /// Opens accounts and deposits to them for so long; actions under way at the end may be done without having been acknowledged.
    /// </summary>
    public static Task<Load> RunAsync(
        string url, int connections, int accounts, TimeSpan duration, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync(
            url, connections, accounts, "--duration", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}s"), time,
            cancellationToken);

    private static async Task<Load> RunAsync(
        string url, int connections, int accounts, string until, string limit, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var child = ChildProcess.Start(
            "banking.dll", "load", "--deposits-only", "--url", url, until, limit,
            "--connections", connections.ToString(
                CultureInfo.InvariantCulture), "--accounts", accounts.ToString(CultureInfo.InvariantCulture));
        var cpu = TimeSpan.Zero;
        var finished = child.FinishAsync(cancellationToken);
        while (!finished.IsCompleted)
        {
            // The system forgets a process at its end, so it is asked up to then.
            cpu = ProcessUsage.Cpu(child.Id) ?? cpu;
            await Task.WhenAny(finished, Task.Delay(Beat, time, cancellationToken));
        }

        await finished;
        return Parse(child.Output, cpu);
    }

    private static Load Parse(string output, TimeSpan cpu)
    {
        var (prefix, done, latency) = (Prefix().Match(output), Done().Match(output), Latency().Match(output));
        if (!prefix.Success || !done.Success || !latency.Success)
        {
            throw new BenchmarkFailedException($"The load's report can't be read:\n{output}");
        }
        return new Load(
            prefix.Groups[1].Value,
            (long)Number(done.Groups[1]),
            Number(done.Groups[2]),
            Number(latency.Groups[1]),
            Number(latency.Groups[2]),
            cpu);
    }

    private static double Number(Group group) => double.Parse(group.Value, NumberStyles.Number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^accounts +[\d,]+ \((\S+-)0 to ", RegexOptions.Multiline)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^done +([\d,]+) = ([\d,]+)/s", RegexOptions.Multiline)]
    private static partial Regex Done();

    [GeneratedRegex(@"^latency ms +p50 ([\d.]+) .*p99 ([\d.]+) ", RegexOptions.Multiline)]
    private static partial Regex Latency();
}

/// <summary>What a load did.</summary>
/// <param name="Prefix">What the ids of its accounts begin with.</param>
/// <param name="Done">Acknowledged actions, the opening of the accounts among them.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Cpu">Of the load generator, its start included.</param>
internal sealed record Load(string Prefix, long Done, double PerSecond, double P50, double P99, TimeSpan Cpu);
