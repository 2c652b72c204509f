using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Banking.Simulations.Tests.Processes;
using Microsoft.Extensions.Configuration;

namespace Banking.Silo.Tests.Processes;

/// <summary>What the program prints: dated lines, for machines as JSON, and to a person at a terminal where everything is.</summary>
public sealed partial class LogLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Log_Always_HasDateAndTimeInUtcAndNoFailuresOfPollsBeforeReady()
    {
        // It is polled from the launch on.
        await using var silo = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token);
        await silo.Stop(Token);

        var lines = silo.Output.Split(Environment.NewLine);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Contains(lines, line => line.Contains("Now listening on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_WhenJsonIsAskedFor_IsJsonWithTheSameTimes()
    {
        await using var silo = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token, "--Logging:Console:FormatterName=json");
        await silo.Stop(Token);

        Assert.All(silo.Output.Split(Environment.NewLine), line =>
        {
            using var json = JsonDocument.Parse(line);
            var time = json.RootElement.GetProperty("Timestamp").GetString()!;
            var at = DateTimeOffset.ParseExact(
                time, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            Assert.True((TimeProvider.System.GetUtcNow() - at).Duration() < TimeSpan.FromMinutes(10), time);
        });
    }

    [Fact]
    public void Notice_WithAnotherPortAndFolder_SaysWhereAllIsAndWhatToType()
    {
        var settings = Read(("Banking:Lake:Root", _folder.File("my lake")));

        var text = StartNotice.Text(settings, DataDirectory.Unused(_folder.Path), ["http://127.0.0.1:5001"]);

        Assert.Contains("The bank is at http://127.0.0.1:5001" + Environment.NewLine, text, StringComparison.Ordinal);
        Assert.Contains($"data    {_folder.Path}{Environment.NewLine}", text, StringComparison.Ordinal);
        Assert.Contains($"lake    {_folder.Path}/my lake{Environment.NewLine}", text, StringComparison.Ordinal);
        Assert.Contains("--project Client -- play --url http://127.0.0.1:5001" + Environment.NewLine, text, StringComparison.Ordinal);
        Assert.Contains($"-- query --lake \"{_folder.Path}/my lake\" \"select ", text, StringComparison.Ordinal);
        Assert.Contains("Ctrl-C", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Notice_WhenAllIsElsewhere_NamesNoFolderAndNoPassword()
    {
        var settings = Read(
            ("Banking:Storage:PostgreSql", "Host=db;Password=geheim"),
            ("Banking:Kafka:BootstrapServers", "broker:9092"),
            ("Banking:Lake:Root", "webhdfs://node:9870/banking"));

        var text = StartNotice.Text(settings, DataDirectory.Unused(_folder.Path), [BankingApplication.DefaultUrl]);

        Assert.Contains("PostgreSQL (accounts), Kafka at broker:9092 (events)" + Environment.NewLine, text, StringComparison.Ordinal);
        Assert.Contains("-- play" + Environment.NewLine, text, StringComparison.Ordinal);
        Assert.Contains("-- query --presto http://HOST:8080", text, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", text, StringComparison.Ordinal);
    }

    private static BankingSettings Read(params (string Name, string Value)[] settings)
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)));
        return BankingSettings.Read(configuration);
    }

    [GeneratedRegex("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z (info|warn): ")]
    private static partial Regex Line();
}
