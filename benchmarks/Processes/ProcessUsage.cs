using System.Globalization;

namespace Banking.Benchmarks.Processes;

/// <summary>What a process uses, as Linux tells it.</summary>
internal static class ProcessUsage
{
    // USER_HZ, which Linux fixes at 100 for what it shows in /proc.
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of all its threads so far; null once it is gone.</summary>
    public static TimeSpan? Cpu(int processId)
    {
        if (Read(processId, "stat") is not { } stat) return null;
        // proc(5): the command in parentheses may hold anything, so count from its end; utime and stime are fields 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
    }

    /// <summary>Bytes of its memory that are in RAM; null once it is gone.</summary>
    public static long? ResidentBytes(int processId) => StatusBytes(processId, "VmRSS:");

    /// <summary>The most bytes of its memory that ever were in RAM; null once it is gone.</summary>
    public static long? PeakResidentBytes(int processId) => StatusBytes(processId, "VmHWM:");

    private static long? StatusBytes(int processId, string name)
    {
        var line = Read(processId, "status")?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    private static string? Read(int processId, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
