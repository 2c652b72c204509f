using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Banking.Silo.Settings;
using Banking.Simulations.Tests.Processes;
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
        var variables = Variables().Matches(Compose)
            .ToDictionary(m => m.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal), m => (string?)m.Groups["value"].Value);

        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(variables);
        var settings = BankingSettings.Read(configuration);

        Assert.Equal(("127.0.0.1:9092", "webhdfs://127.0.0.1:9870/banking"), (settings.KafkaServers, settings.LakeRoot));
        Assert.Equal(
            ("Host=127.0.0.1;Username=bank;Database=banking", "thrift://127.0.0.1:9083"),
            (configuration["Banking:Storage:PostgreSql"], configuration["Banking:Hive:Metastore"]));
        Assert.Empty(settings.Embedded.Settings);
    }

    [Fact]
    public void Local_Always_SetsWhatTheSiloKnows()
    {
        var names = Options().Matches(
            File.ReadAllText(Path.Combine(Deploy, "local")) + File.ReadAllText(Path.Combine(Deploy, "cluster"))).Select(m =>
                m.Groups["name"].Value).Distinct().ToList();

        Assert.Contains("Banking:Hive:Location", names);
        Assert.All(names, name => Assert.NotNull(SettingNames.Find(name)));
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
    public async Task Local_WhenNobodyAnswers_SaysWhatItWaitsForAndSaysWhenSomebodyDoes()
    {
        using var folder = new StandInForDotnet();

        // Of those that the system gives to nobody's outgoing connection meanwhile.
        var port = SiloProcess.FreePort();
        var start = new ProcessStartInfo(Path.Combine(Deploy, "local")) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder.Path}:{start.Environment["PATH"]}";
        foreach (var (name, value) in Away(port)) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        try
        {
            var begun = Stopwatch.StartNew();
            var said = new List<string>();
            while (said.Count < 6) said.Add(await Line(process));
            // Two seconds, with room for cores that others use.
            Assert.True(begun.Elapsed < TimeSpan.FromSeconds(10), $"It took {begun.Elapsed}.");
            said.Sort(StringComparer.Ordinal);
            string[] parts =
            [
                "HDFS (BANKING_HDFS)", "Kafka (BANKING_KAFKA)", "PostgreSQL (BANKING_POSTGRESQL)",
                "the Hive metastore (BANKING_HIVE_METASTORE)", "the name node (BANKING_WEBHDFS)", "the silo",
            ];
            string Sentence(string part) =>
                $"Nobody answers at 127.0.0.1:{port} yet: waiting for {part}. It is tried again; Ctrl-C ends it.";
            Assert.Equal(parts.Select(Sentence), said);

            using var opened = new TcpListener(IPAddress.Loopback, port);
            opened.Start();
            Assert.StartsWith($"At 127.0.0.1:{port} ", await Line(process), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
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
        Assert.All(
            Mounts().Matches(Compose), mount => Assert.True(Path.Exists(Path.Combine(Deploy, mount.Groups["path"].Value)), mount.Value));

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
        var variables =
            new Dictionary<string, string?>
            {
                ["Banking:Presto:Url"] = "http://127.0.0.1:8080",
                ["Banking:Presto:User"] = "ann",
                ["Banking:Presto:Password"] = "secret"
            };

        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(variables);

        Assert.NotNull(BankingSettings.Read(configuration));
    }

    private static IEnumerable<(string Name, string Value)> Away(int port) =>
    [
        ("BANKING_KAFKA", $"127.0.0.1:{port}"), ("BANKING_WEBHDFS", $"http://127.0.0.1:{port}"),
        ("BANKING_HDFS", $"hdfs://127.0.0.1:{port}"),
        ("BANKING_HIVE_METASTORE", $"127.0.0.1:{port}"), ("BANKING_PRESTO", ""), ("BANKING_URL", $"http://127.0.0.1:{port}"),
        ("BANKING_POSTGRESQL", $"Username=bank; Host=127.0.0.1;Port={port}"), ("BANKING_SILOS", "1"),
    ];

    private static async Task<string> Line(Process process)
    {
        var token = TestContext.Current.CancellationToken;
        var line = process.StandardError.ReadLineAsync(token).AsTask();
        return await line.WaitAsync(TimeSpan.FromSeconds(60), token) ?? throw new EndOfStreamException();
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Banking.Orleans.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository has no root.");
        }
        return folder.FullName;
    }

    /// <summary>A folder with a <c>dotnet</c> that builds nothing, and runs without ever listening.</summary>
    private sealed class StandInForDotnet : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public StandInForDotnet()
        {
            var file = _folder.File("dotnet");
            File.WriteAllText(file, "#!/bin/sh\n[ \"$1\" = build ] || exec sleep 120\n");
            if (OperatingSystem.IsWindows()) return;
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        public string Path => _folder.Path;

        public void Dispose() => _folder.Dispose();
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
