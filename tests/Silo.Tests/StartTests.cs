using System.Diagnostics;
using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Microsoft.Extensions.Configuration;

namespace Banking.Silo.Tests;

/// <summary>What keeps the program from starting is said in a sentence that names it.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Banking:Lkae:Root", "x", "Lkae")]
    [InlineData("--Banking:Log:Partitions", "0", "Banking:Log:Partitions")]
    [InlineData("--Banking:Lkae:Root", "x", "Unknown setting Banking:Lkae:Root: the nearest known one is Banking:Lake:Root.")]
    [InlineData("--Bankng:Lake:Root", "x", "Unknown setting Bankng:Lake:Root: the nearest known one is Banking:Lake:Root.")]
    [InlineData("--Lake:Root", "x", "Unknown setting Lake:Root: the nearest known one is Banking:Lake:Root.")]
    [InlineData("--url", "http://127.0.0.1:5001", "Unknown setting url: the nearest known one is urls.")]
    [InlineData("--port", "8080", "Unknown setting port: --help lists all.")]
    [InlineData("--Banking:Lake", "x", "Banking:Lake is a group of settings, and has no value itself")]
    [InlineData("--Banking:Log:Partitions", "many", "Banking:Log:Partitions must be a whole number from -2147483648 to 2147483647, not '")]
    [InlineData("--Banking:Log:Retention", "30", "Banking:Log:Retention is 30, without a unit: it must be a duration such as 500ms, 30s")]
    [InlineData("--Banking:Log:Retention", "24:00:00", "Banking:Log:Retention must be a duration such as 500ms")]
    [InlineData("--Banking:Log:Retention", "10:30", "Banking:Log:Retention must be a duration such as 500ms")]
    [InlineData("--Banking:Log:Retention", "30s", "Banking:Log:Retention is 00:00:30; it must be 1 minute to 36500 days.")]
    [InlineData("--Banking:Cluster:ListenOnAny", "yes", "Banking:Cluster:ListenOnAny must be true or false, not 'yes'.")]
    [InlineData("--Banking:Log:Unreadable", "1", "Banking:Log:Unreadable must be Block, Skip or DeadLetter, not '1'.")]
    [InlineData("--Banking:Markets:Assets:0:BaseDate", "01/02/2026", ":BaseDate must be a date such as 2026-01-31, not '01/02/2026'.")]
    [InlineData("--Logging:Console:FormatterName", "jsn", "Logging:Console:FormatterName must be simple, json or systemd, not 'jsn'.")]
    [InlineData("--Logging:LogLevel:Default", "Verbose", "Logging:LogLevel:Default must be Trace, Debug, Information, Warning, ")]
    [InlineData("--Banking:Kafka:BootstrapServers", "", "Banking:Kafka:BootstrapServers has no value: give it one, or leave it out.")]
    [InlineData("--urls", "http://localhost:0", "localhost is two addresses")]
    [InlineData("--Banking:Log:Unreadable", "Ignore", "Banking:Log:Unreadable")]
    [InlineData("--Banking:Log:Unreadable", "DeadLetter", "Banking:Log:Unreadable can't be DeadLetter")]
    [InlineData("--Banking:Log:LostOffsets", "9", "Banking:Log:LostOffsets")]
    [InlineData("--Banking:Cluster:SiloPort", "70000", "Banking:Cluster:SiloPort")]
    [InlineData("--Banking:Cluster:Address", "10.0.0.5", "set Banking:Cluster:Tls:Certificate, Key and Authority.")]
    [InlineData("--Banking:Cluster:ListenOnAny", "true", "set Banking:Cluster:Tls:Certificate, Key and Authority.")]
    [InlineData("--Banking:Storage:PostgreSql", "postgres://bank:geheim@there/game", "Banking:Storage:PostgreSql is no connection string")]
    [InlineData("--Banking:Storage:PostgreSql", "Host=there;Port=geheim", "Banking:Storage:PostgreSql is no connection string")]
    [InlineData("--Banking:Storage:PostgreSql", "Username=bank;Password=geheim", "Banking:Storage:PostgreSql names no Host")]
    [InlineData("--Banking:Lake:Root", "s3://there/banking", "Banking:Lake:Root")]
    [InlineData("--Banking:Lake:Root", "webhdfs://there:9870", "Banking:Lake:Root")]
    [InlineData("--Banking:Lake:User", "bank", "Banking:Lake:User")]
    [InlineData("--Banking:Lake:Compaction:Every", "00:00:00.5",
        "Banking:Lake:Compaction:Every is 00:00:00.5000000; it must be zero for never")]
    [InlineData("--Banking:Lake:Compaction:MinFiles", "1", "Banking:Lake:Compaction:MinFiles")]
    [InlineData("--Banking:Lake:Compaction:Grace", "-00:00:01", "Banking:Lake:Compaction:Grace")]
    [InlineData("--Banking:Hive:Metastore", "there:9083", "Banking:Hive:Metastore must be thrift://host:port")]
    [InlineData("--Banking:Hive:Location", "hdfs://there/banking", "Banking:Hive:Location is of no use without")]
    [InlineData("--Banking:Lake:Root", "/proc/lake", "The lake folder /proc/lake can't be written")]
    [InlineData("--Kestrel:Endpoints:Http:Url", "http://0.0.0.0:5000", "Kestrel:Endpoints")]
    [InlineData("--urls", "http://0.0.0.0:5000", "http://0.0.0.0:5000")]
    [InlineData("--urls", "http://*:5000", "http://*:5000")]
    [InlineData("--urls", "", "--urls is empty")]
    [InlineData("--urls", "http://127.0.0.1:5000/game", "'http://127.0.0.1:5000/game' is no URL to listen on")]
    [InlineData("--Banking:Log:Retention", "1000000.00:00:00",
        "Banking:Log:Retention is 1000000.00:00:00; it must be 1 minute to 36500 days.")]
    [InlineData("--Banking:Stop:RequestTimeout", "-00:00:01", "Banking:Stop:RequestTimeout")]
    [InlineData("--Banking:Stop:DrainTimeout", "10675199.02:48:05.4775807", "Banking:Stop:DrainTimeout")]
    public void Create_WhenASettingIsImpossible_SaysWhich(string setting, string value, string named)
    {
        string[] args = ["--Banking:DataDirectory", _folder.Path, setting, value];

        var failure = Assert.ThrowsAny<Exception>(() => BankingApplication.Create(args));

        Assert.Contains(named, StartFaults.SentenceOf(failure), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Settings ", StartFaults.SentenceOf(failure), StringComparison.Ordinal);

        // It is refused before the data folder is taken; that a folder can't be written is known only by then.
        if (value != "/proc/lake") Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("--Banking:Hive:Database", "my-lake", "Banking:Hive:Database can't be 'my-lake'")]
    [InlineData("--Banking:Hive:Database", "", "Banking:Hive:Database has no value")]
    [InlineData("--Banking:Hive:Location", "banking", "Banking:Hive:Location must be a URL")]
    public void Create_WhenASettingOfTheMetastoreIsImpossible_SaysWhich(string setting, string value, string named)
    {
        string[] args = ["--Banking:DataDirectory", _folder.Path, "--Banking:Hive:Metastore", "thrift://there:9083", setting, value];

        var failure = Assert.ThrowsAny<Exception>(() => BankingApplication.Create(args));

        Assert.Contains(named, StartFaults.SentenceOf(failure), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Banking:Log:Unreadable has no value: it must be Block, Skip or DeadLetter.", "--Banking:Log:Unreadable")]
    [InlineData("--Banking:Lake:Root has no value: give it one, or leave it out.", "--Banking:Lake:Root", "--urls", "http://127.0.0.1:0")]
    [InlineData("'here' is not understood: settings are --NAME VALUE or --NAME=VALUE, and --help lists them.", "here")]
    [InlineData("'-Banking:Lake:Root=x' is not understood: settings begin with two dashes, --Banking:Lake:Root", "-Banking:Lake:Root=x")]
    [InlineData("'Banking:Lake:Root=x' is not understood: settings begin with two dashes", "Banking:Lake:Root=x")]
    public void Create_WhenAnArgumentIsNoSettingWithAValue_SaysHowToWriteIt(string sentence, params string[] arguments)
    {
        var failure = Assert.Throws<StartException>(
            () => BankingApplication.Create(["--Banking:DataDirectory", _folder.Path, .. arguments]));

        Assert.StartsWith(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500ms", "00:00:00.5000000")]
    [InlineData("90s", "00:01:30")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("-2m", "-00:02:00")]
    [InlineData("7d", "7.00:00:00")]
    [InlineData("1.12:30:00", "1.12:30:00")]
    public void Duration_WithAUnitOrAsAClockShowsIt_IsRead(string text, string duration)
    {
        Assert.Null(SettingForm.Duration.FaultOf("it", text));

        Assert.Equal(duration, SettingForm.Duration.Normalized(text));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--Banking:Nonsense", "1", "-h")]
    public void Help_ForAnyOfItsNames_ListsEverySetting(params string[] arguments)
    {
        var help = CommandLine.AnswerTo(arguments);

        Assert.All(
            SettingNames.Banking.All("Banking"), setting => Assert.Contains("--" + setting.Name + " ", help, StringComparison.Ordinal));
        Assert.Contains("Block, Skip or DeadLetter", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenAPasswordOfPrestosIsEmpty_ThenIsTakenAsNotSetAsTheClientDoes()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("Banking:Presto:Password", "")]);

        Assert.NotNull(BankingSettings.Read(configuration));
    }

    [Fact]
    public void Version_Always_NamesTheProgram() =>
        Assert.StartsWith("Banking.Silo 1.", CommandLine.AnswerTo(["--version"]), StringComparison.Ordinal);

    [Fact]
    public void Open_WhenFolderIsInUse_SaysSo()
    {
        using var held = DataDirectory.Open(_folder.Path);

        var failure = Assert.Throws<StartException>(() => DataDirectory.Open(_folder.Path));

        Assert.Contains("in use", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhenFolderIsOfANewerVersion_SaysSoAndLeavesItAlone()
    {
        File.WriteAllText(_folder.File("format"), "2");

        var failure = Assert.Throws<StartException>(() => DataDirectory.Open(_folder.Path));

        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Equal("2", File.ReadAllText(_folder.File("format")));
    }

    [Fact]
    public void Open_WhenFolderCanNotBeWritten_SaysSo()
    {
        var failure = Assert.Throws<StartException>(() => DataDirectory.Open("/proc/banking"));

        Assert.Contains("/proc/banking can't be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_WhenASettingIsUnknown_ExitsWith1AndASentenceWithoutAStackTrace()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (
            var argument in (string[])[typeof(BankingApplication).Assembly.Location, "--Banking:DataDirectory", _folder.Path,
                "--Banking:Nonsense", "1"])
            start.ArgumentList.Add(argument);

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("Nonsense", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
