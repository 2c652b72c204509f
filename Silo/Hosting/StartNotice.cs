using System.Text;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Banking.Sink.Hosting;

namespace Banking.Silo.Hosting;

/// <summary>
/// What a person at a terminal is told once the bank is open; if the output goes elsewhere, it has the host's own messages.
/// </summary>
internal static class StartNotice
{
    private const string Client = "dotnet run --project Client --";

    private const string Query = "select event_type, count(*) from cash_transactions group by event_type";

    public static bool IsWanted => !Console.IsOutputRedirected;

    /// <summary>Prints the notice when the server listens.</summary>
    public static void PrintAtStart(WebApplication app, BankingSettings settings)
    {
        if (!IsWanted) return;
        var data = app.Services.GetRequiredService<DataDirectory>();
        app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine(Text(settings, data, app.Urls)));
    }

    public static string Text(BankingSettings settings, DataDirectory data, IEnumerable<string> urls)
    {
        var url = string.Join(" and ", urls);
        var lake = settings.LakeRoot;
        if (LakeStores.IsFolder(lake)) lake = Path.GetFullPath(lake);
        var at = url == BankingApplication.DefaultUrl ? "" : $" --url {urls.First()}";
        return new StringBuilder()
            .AppendLine($"The bank is at {url}")
            .AppendLine($"  data    {Data(settings, data)}")
            .AppendLine($"  lake    {lake}")
            .AppendLine($"  play    {Client} play{at}")
            .AppendLine($"  query   {Client} query{QueryAt(lake)} \"{Query}\"")
            .Append("  stop    Ctrl-C, once: what was acknowledged is brought into the lake first")
            .ToString();
    }

    private static string Data(BankingSettings settings, DataDirectory data)
    {
        List<string> places = [];
        if (!settings.Embedded.HasStorage) places.Add("PostgreSQL (accounts)");
        if (settings.KafkaServers is { } kafka) places.Add($"Kafka at {kafka} (events)");
        if (settings.Embedded.Settings.Count > 0) places.Add(data.Path);
        return string.Join(", ", places);
    }

    // Presto reads what is on HDFS. By itself the client looks only in the default folder.
    private static string QueryAt(string lake) =>
        !LakeStores.IsFolder(lake) ? " --presto http://HOST:8080"
        : lake == Path.GetFullPath(Path.Combine("data", "lake")) ? ""
        : $" --lake {(lake.Contains(' ', StringComparison.Ordinal) ? $"\"{lake}\"" : lake)}";
}
