using System.Globalization;
using Banking.Client.Terminals;
using Banking.Client.Typing;
using Spectre.Console;

namespace Banking.Client.Loading;

/// <summary>Shows a load's progress: a bar at a terminal, a line every few seconds elsewhere.</summary>
internal sealed class LoadProgress(Terminal terminal, LoadPlan plan, Func<long> answered, Func<string?> silence, Action tick)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private const int BeatsPerLine = 20;

    /// <summary>Returns when the load has ended, however it ended.</summary>
    public Task ShowAsync(Task load) => terminal.Progress ? ShowBarAsync(load) : ShowLinesAsync(load);

    private Task ShowBarAsync(Task load) => terminal.DrawOnError().Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async progress =>
        {
            var start = terminal.Time.GetTimestamp();
            var bar = progress.AddTask("loading", maxValue: plan.Actions ?? plan.Duration!.Value.TotalSeconds);
            while (!await EndsWithinBeatAsync(load))
            {
                var elapsed = terminal.Time.GetElapsedTime(start);
                bar.Value = plan.Actions is null ? elapsed.TotalSeconds : answered();
                bar.Description = Describe(elapsed) + (silence() is { } why ? $" [yellow]{Markup.Escape(ShownText.Line(why))}[/]" : "");
            }
        });

    private async Task ShowLinesAsync(Task load)
    {
        var start = terminal.Time.GetTimestamp();
        for (var beat = 1; !await EndsWithinBeatAsync(load); beat++)
            if (beat % BeatsPerLine == 0) await terminal.Error.WriteLineAsync(Describe(terminal.Time.GetElapsedTime(start)));
    }

    private string Describe(TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{answered():N0} answers, {answered() / Math.Max(elapsed.TotalSeconds, 0.001):N0}/s");

    private async Task<bool> EndsWithinBeatAsync(Task load)
    {
        await Task.WhenAny(load, Task.Delay(Beat, terminal.Time));
        tick();
        return load.IsCompleted;
    }
}
