namespace Banking.Sink.Compaction;

/// <summary>The one place that decides which folder is a day.</summary>
internal interface IDaySwitch
{
    /// <summary>See <see cref="DayShelf.SwitchAsync"/>.</summary>
    /// <returns>Why the day was not switched, a sentence; null if it was.</returns>
    Task<string?> SwitchAsync(DayDraft draft, CancellationToken cancellationToken);
}
