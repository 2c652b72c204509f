using Banking.Hosting;
using Banking.Silo.Starting;
using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Banking.Streaming.Kafka;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Settings;

/// <summary>
/// What has to be known before the host is built. It comes from the options that the host binds, by the same bindings and validators, so
/// nothing has been touched yet when one of them is refused. Only what Kafka's library says about its own settings is known later.
/// </summary>
internal sealed class BankingSettings
{
    public const string Section = "Banking";

    private BankingSettings(IConfiguration configuration, IServiceProvider options)
    {
        Embedded = new EmbeddedParts(configuration);
        DataDirectory = Of<DataSettings>(options).DataDirectory;
        Http = Of<HttpSettings>(options);
        Auth = Of<AuthSettings>(options);
        Cluster = Of<ClusterSettings>(options);
        LakeRoot = Of<LakeSinkOptions>(options).Root;
        KafkaServers = Embedded.HasLog ? null : Of<KafkaLogOptions>(options, GameNames.Streams).BootstrapServers;
    }

    public EmbeddedParts Embedded { get; }

    public string DataDirectory { get; }

    public HttpSettings Http { get; }

    public AuthSettings Auth { get; }

    public ClusterSettings Cluster { get; }

    /// <summary>The lake's root: a folder, or a URL on HDFS.</summary>
    public string LakeRoot { get; }

    /// <summary>The Kafka servers of the log; null if it is embedded.</summary>
    public string? KafkaServers { get; }

    /// <summary>Reads the settings, and puts durations with a unit into the form that binders read.</summary>
    /// <exception cref="StartException">A name is unknown, or a value is malformed.</exception>
    /// <exception cref="OptionsValidationException">A value is impossible. If several options have such values, an aggregate of these
    /// exceptions.</exception>
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
