using Banking.Sink.Settings;
using Banking.Streaming;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Hosting;

/// <summary>Refuses settings that can't work, with a sentence that names them.</summary>
public sealed class LakeSinkOptionsValidator : IValidateOptions<LakeSinkOptions>
{
    private const string Lake = LakeSinkOptions.Section + ":";

    public ValidateOptionsResult Validate(string? name, LakeSinkOptions options)
    {
        var problems = new List<string>();
        if (LakeStores.ProblemOf(options) is { } problem) problems.Add($"{Lake}{problem}");
        if (LakeCatalogs.ProblemOf(options.Hive) is { } hive) problems.Add($"{HiveOptions.Section}:{hive}");
        if (CompactionOptions.ProblemOf(options.Compaction) is { } compaction) problems.Add($"{Lake}Compaction:{compaction}");
        if (string.IsNullOrWhiteSpace(options.ProviderName)) problems.Add($"{Lake}ProviderName is empty.");
        if (string.IsNullOrWhiteSpace(options.Group)) problems.Add($"{Lake}Group is empty.");
        if (!Enum.IsDefined(options.UnreadablePolicy))
        {
            problems.Add($"{Lake}UnreadablePolicy is {options.UnreadablePolicy}; it must be Block, Skip or DeadLetter.");
        }
        if (!Enum.IsDefined(options.LostOffsetPolicy))
        {
            problems.Add($"{Lake}LostOffsetPolicy is {options.LostOffsetPolicy}; it must be Block or Continue.");
        }
        if (options.MaxRows is < 1 or > 10_000_000) problems.Add($"{Lake}MaxRows is {options.MaxRows}; it must be 1 to 10,000,000.");
        if (options.MaxBytes is < 1024 or > 1 << 30) problems.Add($"{Lake}MaxBytes is {options.MaxBytes}; it must be 1 KiB to 1 GiB.");
        if (options.MaxBufferedBytes < options.MaxBytes)
        {
            problems.Add(
                $"{Lake}MaxBufferedBytes is {options.MaxBufferedBytes}; it must be no less than MaxBytes, {options.MaxBytes}.");
        }

        if (options.RowGroupRows is < 1 or > 1_000_000)
        {
            problems.Add($"{Lake}RowGroupRows is {options.RowGroupRows}; it must be 1 to 1,000,000.");
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
                problems.Add($"{Lake}{setting} is {value}; it must be above zero and at most a day.");
            }
        }
    }
}

/// <summary>Refuses a policy that needs a place for dead letters if the log has none.</summary>
internal sealed class DeadLetterValidator(IServiceProviderIsKeyedService services) : IValidateOptions<LakeSinkOptions>
{
    public ValidateOptionsResult Validate(string? name, LakeSinkOptions options) =>
        options.UnreadablePolicy != FailurePolicy.DeadLetter || services.IsKeyedService(typeof(IDeadLetterLog), options.ProviderName)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"The lake's UnreadablePolicy is DeadLetter, but the log '{options.ProviderName}' has no place for dead letters; it must "
                    + "be Block or Skip.");
}
