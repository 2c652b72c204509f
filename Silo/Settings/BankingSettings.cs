using Banking.Hosting;
using Banking.Silo.Starting;
using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Banking.Streaming.Kafka;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Settings;

/// <summary>
/// What has to be known before the host is built. It comes from the options that the host binds, by the same bindings and validators:
/// nothing has been touched yet when one of them is refused. Only what Kafka's library thinks of its own settings is known later.
/// </summary>
internal sealed class BankingSettings
{
    public const string Section = "Banking";

    private BankingSettings(IConfiguration configuration, IServiceProvider options)
    {
        Embedded = new EmbeddedParts(configuration);
        DataDirectory = Of<DataSettings>(options).DataDirectory;
        Http = Of<HttpSettings>(options);
        Cluster = Of<ClusterSettings>(options);
        LakeRoot = Of<LakeSinkOptions>(options).Root;
        KafkaServers = Embedded.HasLog ? null : Of<KafkaLogOptions>(options, GameNames.Streams).BootstrapServers;
    }

    public EmbeddedParts Embedded { get; }

    public string DataDirectory { get; }

    public HttpSettings Http { get; }

    public ClusterSettings Cluster { get; }

    /// <summary>A folder, or a URL of HDFS.</summary>
    public string LakeRoot { get; }

    /// <summary>Of the log; null: it is embedded.</summary>
    public string? KafkaServers { get; }

    /// <summary>Reads them, and puts durations with a unit into the form that binders read.</summary>
    /// <exception cref="StartException">A name is unknown, or a value is not of its form.</exception>
    /// <exception cref="OptionsValidationException">A value can't be. If several options have such, an aggregate of these.</exception>
    public static BankingSettings Read(IConfigurationManager configuration)
    {
        if (SettingsCheck.FaultOf(configuration) is { } fault) throw new StartException(fault);
        configuration.AddInMemoryCollection(SettingsCheck.Durations(configuration));
        using var options = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSiloSettings(configuration)
            .AddBankingGameOptions()
            .AddLakeSinkOptions()
            .BuildServiceProvider();
        options.GetRequiredService<IStartupValidator>().Validate();
        return new BankingSettings(configuration, options);
    }

    private static T Of<T>(IServiceProvider options, string? name = null)
        where T : class => options.GetRequiredService<IOptionsMonitor<T>>().Get(name);
}
