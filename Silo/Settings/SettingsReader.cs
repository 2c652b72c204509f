using System.Net;
using Banking.Silo.Starting;
using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Banking.Streaming;

namespace Banking.Silo.Settings;

/// <summary>Reads the settings, and stops the start with a sentence that names what is unknown or impossible.</summary>
internal static class SettingsReader
{
    public static BankingSettings Read(IConfiguration configuration)
    {
        var settings = new BankingSettings();
        var fault = SettingsCheck.FaultOf(configuration);
        Check(fault is null, fault!);
        SettingsCheck.Normalized(configuration).Bind(settings);
        FillNulls(settings);
        Check(settings.Log.Partitions is >= 1 and <= 1024, "Banking:Log:Partitions must be 1 to 1024.");
        Check(
            settings.Log.Retention >= TimeSpan.FromMinutes(1) && settings.Log.Retention <= TimeSpan.FromDays(36_500),
            $"Banking:Log:Retention is {settings.Log.Retention}; it must be 1 minute to 36500 days.");
        Check(
            settings.Log.Unreadable != FailurePolicy.DeadLetter || settings.Kafka.BootstrapServers is not null,
            "Banking:Log:Unreadable can't be DeadLetter: the embedded log has no place for dead letters; Banking:Kafka:BootstrapServers "
                + "gives it one.");
        var problem = settings.Http.Problem();
        Check(problem is null, problem!);
        problem = settings.Cluster.Problem();
        Check(problem is null, problem!);
        var database = settings.Storage.PostgreSql is { } connection ? ClusterDatabase.ProblemOf(connection) : null;
        Check(database is null, $"Banking:Storage:PostgreSql {database}.");
        Check(!string.IsNullOrWhiteSpace(settings.DataDirectory), "Banking:DataDirectory must name a folder.");
        var lake =
            new LakeSinkOptions
            {
                User = settings.Lake.User,
                DelegationToken = settings.Lake.DelegationToken,
                Kerberos = settings.Lake.Kerberos
            };
        lake.Root = settings.Lake.Root ?? lake.Root;
        problem = LakeStores.ProblemOf(lake);
        Check(problem is null, $"Banking:Lake:{problem}");
        problem = CompactionOptions.ProblemOf(settings.Lake.Compaction);
        Check(problem is null, $"Banking:Lake:Compaction:{problem}");
        CheckHive(settings.Hive);
        problem = settings.Stop.Problem();
        Check(problem is null, problem!);

        // They would be listened on whatever --urls says.
        Check(!configuration.GetSection("Kestrel:Endpoints").Exists(), "Kestrel:Endpoints is not used: set --urls.");
        return settings;
    }

    // A section, or a name, that a file sets to null is one that is not set.
    private static void FillNulls(BankingSettings settings)
    {
        settings.Http ??= new();
        settings.Http.CorsOrigins ??= "";
        settings.Cluster ??= new();
        settings.Cluster.Address ??= "";
        settings.Cluster.Tls ??= new();
        settings.Storage ??= new();
        settings.Log ??= new();
        settings.Kafka ??= new();
        settings.Kafka.Topic ??= "";
        settings.Kafka.Client ??= [];
        settings.Lake ??= new();
        settings.Lake.Compaction ??= new();
        settings.Hive ??= new();
        settings.Hive.Database ??= "";
        settings.Accounts ??= new();
        settings.Markets ??= new();
        settings.Stop ??= new();
    }

    private static void CheckHive(HiveSettings hive)
    {
        var problem = LakeCatalogs.ProblemOf(hive.ToOptions());
        Check(problem is null, $"Banking:Hive:{problem}");
        Check(hive.Metastore is not null || hive.Location is null, "Banking:Hive:Location is of no use without Banking:Hive:Metastore.");
    }

    /// <summary>There is no authentication yet, so whoever reaches the port can play with every account: only this machine may.</summary>
    public static void CheckLoopback(string urls)
    {
        var all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Check(all.Length > 0, "--urls is empty: it must be a URL to listen on.");
        foreach (var url in all)
        {
            Check(
                Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/",
                $"'{url}' is no URL to listen on.");
            var loopback = uri!.IsLoopback || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address));
            Check(loopback, $"{url} is reachable from other machines, and there is no authentication: listen on 127.0.0.1.");
            Check(
                uri.Port != 0 || uri.Host != "localhost",
                "--urls: localhost is two addresses, and port 0 would be two ports: write http://127.0.0.1:0.");
        }
    }

    private static void Check([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool ok, string sentence)
    {
        if (!ok) throw new StartException(sentence);
    }
}
