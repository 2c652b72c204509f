using System.Diagnostics;
using Banking.Silo.Hosting;

namespace Banking.Silo.Tests;

/// <summary>What keeps the program from starting is said in a sentence that names it.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("banking-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--Banking:Lkae:Root", "x", "Lkae")]
    [InlineData("--Banking:Log:Partitions", "0", "Banking:Log:Partitions")]
    [InlineData("--Banking:Log:Partitions", "many", "Partitions")]
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
    [InlineData("--Banking:Lake:Compaction:Every", "00:00:00.5", "Banking:Lake:Compaction:Every is 00:00:00.5000000; it must be zero for never")]
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
    [InlineData("--Banking:Log:Retention", "1000000.00:00:00", "Banking:Log:Retention is 1000000.00:00:00; it must be 1 minute to 36500 days.")]
    [InlineData("--Banking:Stop:RequestTimeout", "-00:00:01", "Banking:Stop:RequestTimeout")]
    [InlineData("--Banking:Stop:DrainTimeout", "10675199.02:48:05.4775807", "Banking:Stop:DrainTimeout")]
    public void Create_WhenASettingIsImpossible_SaysWhich(string setting, string value, string named)
    {
        string[] args = ["--Banking:DataDirectory", _folder, setting, value];

        var failure = Assert.Throws<StartException>(() => BankingApplication.Create(args));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Banking:Hive:Database", "my-lake", "Banking:Hive:Database can't be 'my-lake'")]
    [InlineData("--Banking:Hive:Database", "", "Banking:Hive:Database must be a name")]
    [InlineData("--Banking:Hive:Location", "banking", "Banking:Hive:Location must be a URL")]
    public void Create_WhenASettingOfTheMetastoreIsImpossible_SaysWhich(string setting, string value, string named)
    {
        string[] args = ["--Banking:DataDirectory", _folder, "--Banking:Hive:Metastore", "thrift://there:9083", setting, value];

        var failure = Assert.Throws<StartException>(() => BankingApplication.Create(args));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhenFolderIsInUse_SaysSo()
    {
        using var held = DataDirectory.Open(_folder);

        var failure = Assert.Throws<StartException>(() => DataDirectory.Open(_folder));

        Assert.Contains("in use", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhenFolderIsOfANewerVersion_SaysSoAndLeavesItAlone()
    {
        File.WriteAllText(Path.Combine(_folder, "format"), "2");

        var failure = Assert.Throws<StartException>(() => DataDirectory.Open(_folder));

        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Equal("2", File.ReadAllText(Path.Combine(_folder, "format")));
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
        foreach (var argument in (string[])[typeof(BankingApplication).Assembly.Location, "--Banking:DataDirectory", _folder, "--Banking:Nonsense", "1"])
            start.ArgumentList.Add(argument);

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("Nonsense", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
