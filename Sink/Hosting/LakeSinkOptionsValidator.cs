using Banking.Sink.Settings;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Hosting;

/// <summary>Refuses settings that can't work, with a sentence that names them.</summary>
public sealed class LakeSinkOptionsValidator : IValidateOptions<LakeSinkOptions>
{
    public ValidateOptionsResult Validate(string? name, LakeSinkOptions options)
    {
        var problems = new List<string>();
        if (LakeStores.ProblemOf(options) is { } problem) problems.Add($"The lake's {problem}");
        if (LakeCatalogs.ProblemOf(options.Hive) is { } hive) problems.Add($"The lake's Hive {hive}");
        if (CompactionOptions.ProblemOf(options.Compaction) is { } compaction) problems.Add($"The lake's Compaction.{compaction}");
        if (string.IsNullOrWhiteSpace(options.ProviderName)) problems.Add("The lake's ProviderName is empty.");
        if (string.IsNullOrWhiteSpace(options.Group)) problems.Add("The lake's Group is empty.");
        if (!Enum.IsDefined(options.UnreadablePolicy))
        {
            problems.Add($"The lake's UnreadablePolicy is {options.UnreadablePolicy}; it must be Block, Skip or DeadLetter.");
        }
        if (!Enum.IsDefined(options.LostOffsetPolicy))
        {
            problems.Add($"The lake's LostOffsetPolicy is {options.LostOffsetPolicy}; it must be Block or Continue.");
        }
        if (options.MaxRows is < 1 or > 10_000_000) problems.Add($"The lake's MaxRows is {options.MaxRows}; it must be 1 to 10,000,000.");
        if (options.MaxBytes is < 1024 or > 1 << 30) problems.Add($"The lake's MaxBytes is {options.MaxBytes}; it must be 1 KiB to 1 GiB.");
        if (options.MaxBufferedBytes < options.MaxBytes)
        {
            problems.Add(
                $"The lake's MaxBufferedBytes is {options.MaxBufferedBytes}; it must be no less than MaxBytes, {options.MaxBytes}.");
        }

        if (options.RowGroupRows is < 1 or > 1_000_000)
        {
            problems.Add($"The lake's RowGroupRows is {options.RowGroupRows}; it must be 1 to 1,000,000.");
        }
        Positive(options.MaxAge, nameof(options.MaxAge));
        Positive(options.MaxIdle, nameof(options.MaxIdle));
        Positive(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        Positive(options.WaitTimeout, nameof(options.WaitTimeout));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Positive(TimeSpan value, string setting)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            {
                problems.Add($"The lake's {setting} is {value}; it must be above zero and at most a day.");
            }
        }
    }
}
