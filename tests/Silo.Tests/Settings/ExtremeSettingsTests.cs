using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Tests.Settings;

/// <summary>Whatever a setting is set to: the start is refused with a sentence that names it, or the silo works.</summary>
public sealed class ExtremeSettingsTests : IDisposable
{
    private static readonly Dictionary<string, string[]> Needed = new(StringComparer.Ordinal)
    {
        ["Banking:Kafka"] = ["--Banking:Kafka:BootstrapServers", "127.0.0.1:1"],
        ["Banking:Hive"] = ["--Banking:Hive:Metastore", "thrift://127.0.0.1:1"],
        ["Banking:Lake:User"] = ["--Banking:Lake:Root", "webhdfs://127.0.0.1:1/lake"],
        ["Banking:Lake:DelegationToken"] = ["--Banking:Lake:Root", "webhdfs://127.0.0.1:1/lake"],
    };

    private static readonly string[] Spans =
    [
        "00:00:00", "-00:00:01", "00:00:00.0000001", "24.20:31:23.648", "49.17:02:47.296", "1000000.00:00:00", TimeSpan.MaxValue.ToString(),
        TimeSpan.MinValue.ToString(),
        "", "garbage",
    ];

    private static readonly string[] Numbers =
        ["0", "-1", "2147483647", "-2147483648", "9223372036854775807", "1e400", "NaN", "", "garbage"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_WhateverASettingIs_ThenAcceptsItOrSaysWhichCanNotBe()
    {
        List<string> silent = [];
        var refused = 0;
        foreach (var (name, setting) in All())
        {
            foreach (var value in ValuesOf(name, setting.Form!.Kind))
            {
                var (sentence, failure) = Try(name, value);
                if (sentence is not null) refused++;
                if (failure is not null) silent.Add($"{name}='{value}': {failure}");
                else if (sentence is not null && !Names(sentence, name, value)) silent.Add($"{name}='{value}' is not named: {sentence}");
            }
        }

        Assert.True(silent.Count == 0, string.Join(Environment.NewLine, silent));
        Assert.True(refused > 100, $"Only {refused} were refused.");
    }

    [Fact]
    public void Read_WhenASettingIsNull_ThenIsTakenAsNotSetOrRefused()
    {
        foreach (var (name, _) in All())
        {
            for (var section = name; section.Contains(':', StringComparison.Ordinal); section = section[..section.LastIndexOf(':')])
            {
                using var configuration = new ConfigurationManager();
                configuration.AddInMemoryCollection([new(section, null)]);
                try
                {
                    BankingSettings.Read(configuration);
                }
                catch (Exception e) when (StartFaults.SentenceOf(e) is not null)
                {
                    // A sentence.
                }
            }
        }
    }

    [Theory]
    [InlineData("00:01:00", "00:00:00.1000000", "00:00:00", "00:00:00.0010000", "1")]
    [InlineData("36500.00:00:00", "01:00:00", "30.00:00:00", "1.00:00:00", "10000000")]
    public async Task Silo_WhenSettingsAreAtTheEndsOfTheirRanges_ThenWorks(
        string retention, string sweep, string every, string age, string rows)
    {
        string[] args =
        [
            .. SiloFixture.Arguments(_folder.Path), "--Banking:Log:Retention", retention, "--Banking:Accounts:SweepPeriod", sweep,
            "--Banking:Lake:Compaction:Every", every,
            "--Banking:Lake:MaxAge", age, "--Banking:Lake:MaxIdle", age, "--Banking:Lake:MaxRows", rows,
            "--Banking:Accounts:ClearPublishedAfter", sweep,
        ];
        await using var app = BankingApplication.Create(args);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        await Eventually.True(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode);
        using var flushed = await http.PostAsync("/v1/lake/flush", null, TestContext.Current.CancellationToken);

        Assert.True(flushed.IsSuccessStatusCode);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static string[] ValuesOf(string name, string kind) => name switch
    {
        "Banking:DataDirectory" or "Banking:Lake:Root" => ["", " ", "/proc/garbage", "a\0b"],
        _ => kind switch
        {
            "duration" => Spans,
            "text" => ["", "\u0007 garbage"],
            "true or false" => ["", "garbage"],
            "number" or "whole number" or "date" => Numbers,
            _ => ["", "99", "-1", "garbage"],
        },
    };

    private static IEnumerable<(string Name, SettingNode Setting)> All() => SettingNames.Banking.All(BankingSettings.Section);

    // Of a folder that can't be used the sentence has the folder, and of an asset its name and what is wrong with it.
    private static bool Names(string sentence, string name, string value) =>
        sentence.Contains(name.Split(':')[^1], StringComparison.Ordinal) || (
            value.IndexOfAny(['/', '\0']) >= 0 && sentence.Contains(value, StringComparison.Ordinal))
        || (
            name.StartsWith("Banking:Markets:Assets:", StringComparison.Ordinal)
                && sentence.StartsWith("Banking:Markets:Assets: ", StringComparison.Ordinal));

    private (string? Sentence, string? Failure) Try(string name, string value)
    {
        var folder = _folder.File(Guid.NewGuid().ToString("N"));
        var needed = Needed.Where(other => name.StartsWith(other.Key, StringComparison.Ordinal)).SelectMany(other => other.Value);
        string[] args = ["--Banking:DataDirectory", folder, .. needed, $"--{name}", value];
        try
        {
            using IDisposable app = BankingApplication.Create(args);
            var services = ((WebApplication)app).Services;
            services.GetRequiredService<IStartupValidator>().Validate();
            foreach (var validator in services.GetServices<IConfigurationValidator>()) validator.ValidateConfiguration();
            return (null, null);
        }
        catch (Exception e)
        {
            return StartFaults.SentenceOf(e) is { } sentence ? (sentence, null) : (null, $"{e.GetType()}: {e.Message}");
        }
    }
}
