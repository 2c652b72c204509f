namespace Banking.Simulations.Tests.Processes;

/// <summary>The journal that a load is writing.</summary>
internal static class JournalOf
{
    /// <summary>Returns when the journal has this many lines.</summary>
    public static Task Lines(string file, int lines, CancellationToken cancellationToken) =>
        Eventually.True(() => Count(file) >= lines, $"{file} has {lines} lines");

    public static int Count(string file)
    {
        if (!File.Exists(file)) return 0;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var lines = 0;
        while (reader.ReadLine() is not null) lines++;
        return lines;
    }
}
