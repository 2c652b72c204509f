using Banking.Client.Terminals;
using Banking.Client.Typing;
using Spectre.Console;

namespace Banking.Client.Verifying;

/// <summary>Shows at a terminal which step a verification has reached; each step counts the same, however long it takes.</summary>
internal sealed class VerifyProgress(Terminal terminal, Func<string?> silence)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private volatile string _step = "beginning";
    private int _done;

    /// <summary>Notes that a step begins, and the one before it is done.</summary>
    public void Begin(string step)
    {
        _step = step;
        Interlocked.Increment(ref _done);
    }

    /// <summary>Runs a verification.</summary>
    /// <param name="steps">How many steps it has.</param>
    public async Task<Verdict> ShowAsync(int steps, Func<Task<Verdict>> verify)
    {
        if (!terminal.Progress) return await verify();
        return await terminal.DrawOnError().Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(_step, maxValue: steps);
                var verdict = verify();
                while (await Task.WhenAny(verdict, Task.Delay(Beat, terminal.Time)) != verdict)
                {
                    bar.Value = Math.Max(0, Volatile.Read(ref _done) - 1);
                    bar.Description = Markup.Escape(ShownText.Line(silence() ?? _step));
                }

                return await verdict;
            });
    }
}
