using Banking.Silo.Starting;
using Banking.Sink.Settings;
using Banking.Storage.Postgres;
using Banking.Streaming;
using Banking.Streaming.Kafka;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Settings;

/// <summary>Binds the silo's own options, and tells the rooms' options what follows from them.</summary>
internal static class SettingsHosting
{
    public const string KafkaSection = "Banking:Kafka";

    /// <summary>
    /// Adds all settings except those that the rooms bind where they are added. Must be called before the rooms are added, so that what
    /// these bind takes precedence over what follows from the silo's settings.
    /// </summary>
    public static IServiceCollection AddSiloSettings(this IServiceCollection services, IConfiguration configuration)
    {
        var embedded = new EmbeddedParts(configuration);
        services.Bind<DataSettings>();
        services.Bind<HttpSettings>();
        services.Bind<AuthSettings>();
        services.Bind<ClusterSettings>();
        services.Bind<StorageSettings>();
        services.Bind<StopSettings>();
        services.Bind<LogSettings>().Validate(
            log => log.Unreadable != FailurePolicy.DeadLetter || !embedded.HasLog,
            "Banking:Log:Unreadable can't be DeadLetter: the embedded log has no place for dead letters; Banking:Kafka:BootstrapServers "
                + "gives it one.");
        services.AddOptions<HostOptions>().Configure<IOptions<StopSettings>>(
            static (host, stop) => host.ShutdownTimeout = stop.Value.HostTimeout);
        if (!embedded.HasStorage)
        {
            services.AddOptions<PostgresGrainStorageOptions>(GameNames.Storage).Configure<IOptions<StorageSettings>>(
                static (storage, settings) => storage.ConnectionString = settings.Value.PostgreSql!);
        }

        services.AddOptions<LakeSinkOptions>().Configure<IOptions<DataSettings>, IOptions<LogSettings>>((lake, data, log) =>
        {
            lake.Root = DataDirectory.Unused(data.Value.DataDirectory).LakeFolder;
            lake.LostOffsetPolicy = log.Value.LostOffsets;

            // The embedded log has no place for dead letters, and no foreign program writes to it.
            lake.UnreadablePolicy = log.Value.Unreadable ?? (embedded.HasLog ? FailurePolicy.Skip : FailurePolicy.DeadLetter);
        });
        services.AddOptions<LogStreamOptions>(GameNames.Streams).Configure<IOptions<LogSettings>>(
            static (streams, log) => streams.LostOffsetPolicy = log.Value.LostOffsets);
        if (embedded.HasLog)
        {
            services.AddOptions<SqliteLogOptions>(GameNames.Streams).Configure<IOptions<LogSettings>>(
                static (log, settings) => (log.Partitions, log.RetentionAge) = (settings.Value.Partitions, settings.Value.Retention));
            return services;
        }

        // Checked where the log is added, as librdkafka has to be asked, which reads files on this machine.
        services.AddOptions<KafkaLogOptions>(GameNames.Streams)
            .Configure<IOptions<LogSettings>>(
                static (log, settings) => (log.Partitions, log.Retention) = (settings.Value.Partitions, settings.Value.Retention))
            .BindConfiguration(KafkaSection)
            .PostConfigure(WriteDots);
        return services;
    }

    private static OptionsBuilder<TSettings> Bind<TSettings>(this IServiceCollection services)
        where TSettings : class, ISiloSettings
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TSettings>, SiloSettingsValidator<TSettings>>());
        return services.AddOptions<TSettings>().BindConfiguration(TSettings.Section).ValidateOnStart();
    }

    // The names of librdkafka's settings contain dots, which few environments accept: an underscore may stand for one.
    private static void WriteDots(KafkaLogOptions kafka)
    {
        foreach (var (name, value) in kafka.Client.Where(setting => setting.Key.Contains('_', StringComparison.Ordinal)).ToList())
        {
            kafka.Client.Remove(name);
            kafka.Client[name.Replace('_', '.')] = value;
        }
    }
}
