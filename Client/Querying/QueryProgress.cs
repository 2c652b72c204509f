using System.Globalization;
using Banking.Client.Querying.Presto;

namespace Banking.Client.Querying;

/// <summary>One line on a terminal's standard error that says how a query gets on, there only while its rows are waited for.</summary>
internal sealed class QueryProgress(Terminal terminal)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _shown;
    private long? _last;

    public void Show(PrestoStats stats) => Show(Describe(stats));

    public void Show(string line)
    {
        if (!terminal.Progress || (_last is { } last && terminal.Time.GetElapsedTime(last) < Pause)) return;
        _last = terminal.Time.GetTimestamp();
        terminal.Error.Write("\r" + line.PadRight(_shown));
        _shown = line.Length;
    }

    public void Clear()
    {
        if (_shown > 0) terminal.Error.Write("\r" + new string(' ', _shown) + "\r");
        _shown = 0;
    }

    public void Warn(string sentence)
    {
        Clear();
        terminal.Error.WriteLine(ShownText.Lines(sentence));
    }

    internal static string Describe(PrestoStats stats)
    {
        var state = stats.State.ToLowerInvariant().Replace('_', ' ');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{state}: {stats.CompletedSplits:N0} of {stats.TotalSplits:N0} splits, {stats.ProcessedRows:N0} rows, {stats.ProcessedBytes / 1e6:N1} MB");
    }
}
