using Banking.Silo.Starting;
using Banking.Streaming;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Settings;

/// <summary>The silo's own options, bound to a section below <c>Banking</c>. The rooms have their own.</summary>
internal interface ISiloSettings
{
    static abstract string Section { get; }

    /// <summary>A sentence that names the setting and says what is wrong; null if nothing is.</summary>
    string? Problem();
}

/// <summary>Stops the start if the silo's own settings are impossible.</summary>
internal sealed class SiloSettingsValidator<TSettings> : IValidateOptions<TSettings>
    where TSettings : class, ISiloSettings
{
    public ValidateOptionsResult Validate(string? name, TSettings options) =>
        options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}

/// <summary>The settings directly below <c>Banking</c>.</summary>
internal sealed class DataSettings : ISiloSettings
{
    public static string Section => BankingSettings.Section;

    /// <summary>Where the embedded storage, log and lake keep their files. Only one silo process at a time can use it.</summary>
    public string DataDirectory { get; set; } = "data";

    public string? Problem() =>
        string.IsNullOrWhiteSpace(DataDirectory) ? $"{Section}:DataDirectory must name a folder." : null;
}

/// <summary>Where accounts and markets are kept.</summary>
internal sealed class StorageSettings : ISiloSettings
{
    public static string Section => "Banking:Storage";

    /// <summary>
    /// A connection string of Npgsql: the state is in that PostgreSQL database, and all silos with the same one are a cluster. Null for a
    /// SQLite file and a single silo. It is a secret and appears in no message.
    /// </summary>
    public string? PostgreSql { get; set; }

    public string? Problem() =>
        PostgreSql is { } connection && ClusterDatabase.ProblemOf(connection) is { } problem ? $"{Section}:PostgreSql {problem}." : null;
}

/// <summary>What the bank requires of its event log, embedded or on Kafka. Streams, log and sink each get their part of it.</summary>
internal sealed class LogSettings : ISiloSettings
{
    public static string Section => "Banking:Log";

    /// <summary>How many partitions a new log or topic gets, 1 to 1,024; an existing one keeps its own number.</summary>
    public int Partitions { get; set; } = 4;

    /// <summary>
    /// How long events stay in the embedded log after the lake has them, at least one minute. In a new topic, how long they stay, whether
    /// or not the lake has them.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// What happens to a record that is not an event. Null for what makes sense with the log: skip with the embedded one, which has no
    /// place for dead letters and to which nobody else writes.
    /// </summary>
    public FailurePolicy? Unreadable { get; set; }

    /// <summary>What happens when the log no longer has events that the lake lacks.</summary>
    public LostOffsetPolicy LostOffsets { get; set; } = LostOffsetPolicy.Block;

    public string? Problem() =>
        Partitions is < 1 or > 1024 ? $"{Section}:Partitions must be 1 to 1024."
        : Retention < TimeSpan.FromMinutes(1)
            || Retention > TimeSpan.FromDays(36_500) ? $"{Section}:Retention is {Retention}; it must be 1 minute to 36500 days."
        : null;
}

/// <summary>How the silo spends its time between SIGTERM and its end.</summary>
internal sealed class StopSettings : ISiloSettings
{
    /// <summary>The extra time for the silo's own end and for the last call to a metastore.</summary>
    private static readonly TimeSpan End = TimeSpan.FromSeconds(15);

    public static string Section => "Banking:Stop";

    /// <summary>
    /// How long requests under way may still take. Then their connections are cut off, as a slow client must not use up the drain's time.
    /// Zero to a minute.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long bringing everything acknowledged into the lake may take afterwards. 1 s to an hour.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The time for the whole stop.</summary>
    internal TimeSpan HostTimeout => RequestTimeout + DrainTimeout + End;

    public string? Problem() =>
        RequestTimeout < TimeSpan.Zero
            || RequestTimeout > TimeSpan.FromMinutes(1) ? $"{Section}:RequestTimeout is {RequestTimeout}; it must be zero to one minute."
        : DrainTimeout < TimeSpan.FromSeconds(1)
            || DrainTimeout > TimeSpan.FromHours(1) ? $"{Section}:DrainTimeout is {DrainTimeout}; it must be 1 second to one hour."
        : null;
}
