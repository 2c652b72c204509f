using Banking.Client.Terminals;
using Banking.Client.Typing;

namespace Banking.Client.Engines;

/// <summary>One line on a terminal's standard error that shows a query's progress, only while its rows are waited for.</summary>
internal sealed class QueryProgress(Terminal terminal)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _shown;
    private long? _last;

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
}
