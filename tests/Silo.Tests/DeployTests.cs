using System.Diagnostics;
using System.Text.RegularExpressions;
using Banking.Silo.Cluster;
using Banking.Silo.Settings;
using Microsoft.Extensions.Configuration;

namespace Banking.Silo.Tests;

/// <summary>What can be said of the deployment files without running them.</summary>
public sealed partial class DeployTests
{
    private static readonly string Deploy = Path.Combine(Root(), "deploy");
    private static readonly string Compose = File.ReadAllText(Path.Combine(Deploy, "compose.yaml"));

    [Fact]
    public void Compose_Always_SetsWhatTheSiloKnows()
    {
        var variables = Variables().Matches(Compose).ToDictionary(m => m.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal), m => (string?)m.Groups["value"].Value);

        var settings = SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(variables).Build());

        Assert.Equal(
            ("Host=127.0.0.1;Username=bank;Database=banking", "127.0.0.1:9092", "webhdfs://127.0.0.1:9870/banking", "thrift://127.0.0.1:9083"),
            (settings.Storage.PostgreSql, settings.Kafka.BootstrapServers, settings.Lake.Root, settings.Hive.Metastore));
        Assert.Empty(EmbeddedParts.SettingsOf(settings));
    }

    [Fact]
    public void Local_Always_SetsWhatTheSiloKnows()
    {
        var names = Options().Matches(File.ReadAllText(Path.Combine(Deploy, "local")) + File.ReadAllText(Path.Combine(Deploy, "cluster"))).Select(m => m.Groups["name"].Value).Distinct().ToList();
        var known = typeof(BankingSettings);

        Assert.Contains("Banking:Hive:Location", names);
        Assert.All(names, name => Assert.NotNull(name.Split(':').Skip(1).Aggregate((Type?)known, (type, part) => type?.GetProperty(part)?.PropertyType)));
    }

    [Theory]
    [InlineData("BANKING_WEBHDFS", "localhost:9870", "BANKING_WEBHDFS must be http://host:port, not localhost:9870.")]
    [InlineData("BANKING_SILOS", "many", "--silos must be 1 to 99, not 'many'.")]
    [InlineData("BANKING_SILOS", "3", "Several silos need a log that all of them see: set BANKING_KAFKA to host:port of a Kafka broker.")]
    public async Task Local_WhenASettingCanNotBe_SaysSo(string name, string value, string sentence)
    {
        var start = new ProcessStartInfo(Path.Combine(Deploy, "local")) { RedirectStandardError = true };
        start.Environment.Remove("BANKING_KAFKA");
        start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((2, sentence + "\n"), (process.ExitCode, error));
    }

    [Fact]
    public void Compose_Always_BindsPortsToTheLoopback() =>
        Assert.All(Ports().Matches(Compose), port => Assert.StartsWith("127.0.0.1:", port.Groups["port"].Value, StringComparison.Ordinal));

    [Fact]
    public void Compose_Always_PinsItsImages()
    {
        var images = Images().Matches(Compose).Select(m => m.Groups["image"].Value).Where(image => image != "banking-silo").ToList();

        Assert.Equal(6, images.Count);
        Assert.All(images, image => Assert.Matches(@"^[a-z]+/[a-z]+:\d+(\.\d+)+$", image));
    }

    [Fact]
    public void Compose_Always_MountsFilesThatAreThere() =>
        Assert.All(Mounts().Matches(Compose), mount => Assert.True(Path.Exists(Path.Combine(Deploy, mount.Groups["path"].Value)), mount.Value));

    [Fact]
    public void PrestosCatalog_Always_FindsColumnsByNameAndNewDaysAtOnce()
    {
        var lines = File.ReadAllLines(Path.Combine(Deploy, "presto", "catalog", "hive.properties"));

        Assert.Contains("hive.parquet.use-column-names=true", lines);
        Assert.Contains("hive.metastore-cache-ttl=0s", lines);
    }

    [Fact]
    public void Read_WhenTheEnvironmentIsTheClientsToo_ThenItsPrestoIsNoUnknownSetting()
    {
        var variables = new Dictionary<string, string?> { ["Banking:Presto:Url"] = "http://127.0.0.1:8080", ["Banking:Presto:User"] = "ann", ["Banking:Presto:Password"] = "secret" };

        Assert.Equal("http://127.0.0.1:8080", SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(variables).Build()).Presto.Url);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Banking.Orleans.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("The repository has no root.");
        return folder.FullName;
    }

    [GeneratedRegex(@"^ +(?<name>Banking__\w+): (?<value>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Variables();

    [GeneratedRegex(@"--(?<name>Banking(:\w+)+) ")]
    private static partial Regex Options();

    [GeneratedRegex(@"ports: \[""(?<port>[^""]+)""\]")]
    private static partial Regex Ports();

    [GeneratedRegex(@"^ +image: (?<image>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Images();

    [GeneratedRegex(@"- \./(?<path>[\w./-]+):/")]
    private static partial Regex Mounts();
}
