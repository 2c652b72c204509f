using System.Globalization;
using Banking.Client.Terminals;
using Spectre.Console;

namespace Banking.Client.Compacting;

/// <summary>Shows a compaction's progress: a bar at a terminal, a line every few seconds elsewhere.</summary>
internal sealed class CompactionProgress(Terminal terminal, TimeSpan askEvery)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Asks for its state until it has ended, and returns the last one.</summary>
    public Task<CompactionState> ShowAsync(CompactionState first, Func<Task<CompactionState>> ask) =>
        terminal.Progress ? ShowBarAsync(first, ask) : ShowLinesAsync(first, ask);

    private Task<CompactionState> ShowBarAsync(CompactionState first, Func<Task<CompactionState>> ask) => terminal.DrawOnError().Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
        .StartAsync(async progress =>
        {
            var bar = progress.AddTask("compacting");
            return await FollowAsync(first, ask, state =>
            {
                bar.MaxValue = Math.Max(1, state.Days ?? 1);
                bar.Value = state.DaysDone;
                bar.Description = Markup.Escape(Describe(state));
                return Task.CompletedTask;
            });
        });

    private Task<CompactionState> ShowLinesAsync(CompactionState first, Func<Task<CompactionState>> ask)
    {
        var last = terminal.Time.GetTimestamp();
        return FollowAsync(first, ask, async state =>
        {
            if (terminal.Time.GetElapsedTime(last) < LineEvery) return;
            last = terminal.Time.GetTimestamp();
            await terminal.Error.WriteLineAsync(Describe(state));
        });
    }

    private async Task<CompactionState> FollowAsync(
        CompactionState state, Func<Task<CompactionState>> ask, Func<CompactionState, Task> show)
    {
        while (state.IsRunning)
        {
            await show(state);
            await Task.Delay(askEvery, terminal.Time);
            state = await ask();
        }

        await show(state);
        return state;
    }

    private static string Describe(CompactionState state) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{state.DaysDone} of {state.Days ?? 0} days, {state.RowsWritten:N0} rows{(state.Now is null ? "" : $": {state.Now}")}");
}
