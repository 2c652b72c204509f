using Microsoft.Extensions.Options;

namespace Banking.Accounts;

/// <summary>Settings of accounts, bound to <see cref="Section"/>.</summary>
public sealed class AccountOptions
{
    public const string Section = "Banking:Accounts";

    /// <summary>
    /// How many recent actions, at least, an account remembers with their results: 1 to 1,000. They are written with every action. A busy
    /// account remembers more on its own.
    /// </summary>
    public int RememberedActions { get; set; } = 32;

    /// <summary>
    /// How long callers whose answer may have been lost can ask again and get the first result. One second to 10 minutes.
    /// </summary>
    public TimeSpan RetryWindow { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long, at most, an account remembers an action's result, and how long, at least, it knows that the action ran, even if the id
    /// carries no time. One minute to 30 days.
    /// </summary>
    public TimeSpan RememberFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>An account with this many events that the log has not confirmed refuses further actions, 1 to 10,000.</summary>
    public int MaxUnpublishedEvents { get; set; } = 256;

    /// <summary>
    /// How long after its last action an account records that its events are published, unless another action has done so by then. Until
    /// then a restart publishes them again (the sink drops the duplicates). 100 ms to one hour.
    /// </summary>
    public TimeSpan ClearPublishedAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The first pause before events that the log refused are published again; doubles up to <see cref="MaxPublishBackoff"/>.
    /// </summary>
    public TimeSpan PublishBackoff { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two attempts to publish.</summary>
    public TimeSpan MaxPublishBackoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often each silo looks for accounts whose events a crash left unpublished, and how long such an account must have been left
    /// alone.
    /// </summary>
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromSeconds(15);
}

/// <summary>Stops the start on a setting outside its range.</summary>
public sealed class AccountOptionsValidator : IValidateOptions<AccountOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountOptions options)
    {
        var failures = new List<string>();
        Check(options.RememberedActions is >= 1 and <= 1000, nameof(options.RememberedActions), "1 to 1000");
        Check(options.MaxUnpublishedEvents is >= 1 and <= 10_000, nameof(options.MaxUnpublishedEvents), "1 to 10000");
        Check(
            Within(options.RetryWindow, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), nameof(options.RetryWindow),
            "1 second to 10 minutes");
        Check(
            Within(options.RememberFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)), nameof(options.RememberFor),
            "1 minute to 30 days");
        Check(
            Within(options.ClearPublishedAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), nameof(options.ClearPublishedAfter),
            "100 ms to 1 hour");
        Check(
            Within(options.PublishBackoff, TimeSpan.FromMilliseconds(1), options.MaxPublishBackoff), nameof(options.PublishBackoff),
            "1 ms to MaxPublishBackoff");
        Check(
            Within(options.MaxPublishBackoff, options.PublishBackoff, TimeSpan.FromMinutes(10)), nameof(options.MaxPublishBackoff),
            "PublishBackoff to 10 minutes");
        Check(
            Within(options.SweepPeriod, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), nameof(options.SweepPeriod),
            "100 ms to 1 hour");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool ok, string setting, string range)
        {
            if (!ok) failures.Add($"{AccountOptions.Section}:{setting} must be {range}.");
        }
    }

    private static bool Within(TimeSpan value, TimeSpan low, TimeSpan high) => value >= low && value <= high;
}
