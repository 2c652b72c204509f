using System.Diagnostics;

namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// The client's load of random actions, as a process of its own, until it is stopped. It asks at a pace that leaves the cores to the silos
/// and servers that start meanwhile.
/// </summary>
internal sealed class SteadyLoad : IDisposable
{
    private readonly Process _process;
    private readonly string _journal;

    private SteadyLoad(Process process, string journal)
    {
        _process = process;
        _journal = journal;
    }

    public bool HasEnded => _process.HasExited;

    /// <param name="silos">Their URLs, separated by commas.</param>
    /// <param name="rate">The most actions a second.</param>
    public static SteadyLoad Start(string silos, string journal, int seed, int accounts = 100, int rate = 150)
    {
        var process = ClientProcess.Start(
            "load", "--url", silos, "--accounts", $"{accounts}", "--duration", "10m", "--connections", "8",
            "--rate", $"{rate}", "--seed", $"{seed}", "--journal", journal);
        return new SteadyLoad(process, journal);
    }

    /// <summary>Returns when so many more actions were acknowledged.</summary>
    public Task Progress(int actions, CancellationToken cancellationToken) =>
        JournalOf.Lines(_journal, JournalOf.Count(_journal) + actions, cancellationToken);

    /// <summary>Ends the load, which must not have had a wrong answer.</summary>
    /// <param name="more">What else a failure is to show.</param>
    public async Task Stop(Func<string> more, CancellationToken cancellationToken)
    {
        Assert.False(_process.HasExited, "The load ended before its time.");
        var (_, output) = await ClientProcess.Stop(_process, cancellationToken);
        Assert.True(output.Contains("wrong        0", StringComparison.Ordinal), output + more());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
