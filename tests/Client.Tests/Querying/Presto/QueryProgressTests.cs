using Banking.Client.Engines;
using Banking.Client.Engines.Presto;
using Banking.Client.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Client.Tests.Querying.Presto;

public sealed class QueryProgressTests
{
    private static readonly PrestoStats Stats = new(
        "RUNNING", TotalSplits: 30, CompletedSplits: 12, ProcessedRows: 1_234_567, ProcessedBytes: 12_340_000);

    private readonly StringWriter _error = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Describe_Always_SaysStateSplitsRowsAndBytes() =>
        Assert.Equal("running: 12 of 30 splits, 1,234,567 rows, 12.3 MB", Stats.Describe());

    [Fact]
    public void Show_WhenATerminalIsThere_ThenOneLineIsWrittenOverAndThenTakenAway()
    {
        var progress = Progress(terminal: true);

        progress.Show(new PrestoStats("WAITING_FOR_PREREQUISITES").Describe());
        _time.Advance(TimeSpan.FromSeconds(1));
        progress.Show(new PrestoStats("QUEUED").Describe());
        progress.Clear();
        progress.Clear();

        var first = "waiting for prerequisites: 0 of 0 splits, 0 rows, 0.0 MB";
        var second = "queued: 0 of 0 splits, 0 rows, 0.0 MB";
        Assert.Equal($"\r{first}\r{second.PadRight(first.Length)}\r{new string(' ', second.Length)}\r", _error.ToString());
    }

    [Fact]
    public void Show_WhenItWasShownJustNow_ThenItWaits()
    {
        var progress = Progress(terminal: true);

        progress.Show(Stats.Describe());
        var once = _error.ToString();
        progress.Show(Stats.Describe());

        Assert.Equal(once, _error.ToString());
    }

    [Fact]
    public void Show_WhenThereIsNoTerminal_ThenNothingIsWritten()
    {
        var progress = Progress(terminal: false);

        progress.Show(Stats.Describe());
        progress.Clear();

        Assert.Equal("", _error.ToString());
    }

    private QueryProgress Progress(bool terminal) => new(new Terminal(TextReader.Null, TextWriter.Null, _error, false, terminal, _time));
}
