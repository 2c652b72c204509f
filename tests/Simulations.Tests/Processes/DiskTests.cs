using System.Net;
using System.Text;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Data folders that can't be written, or can't any more.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silo_WhenTheDiskIsFullForAWhile_RefusesForNowAndLosesNothing()
    {
        using var disk = SmallDisk.Mount(megabytes: 96);
        var data = Path.Combine(disk.Path, "data");
        var journal = _folder.File("journal.jsonl");
        await using var silo = await SiloProcess.Start(
            data, SiloProcess.FreePort(), Token, "--Banking:Lake:MaxIdle", "00:00:01", "--Banking:Lake:MaxAge", "00:00:01");
        using var load = SteadyLoad.Start(silo.Url, journal, seed: 5, accounts: 50);
        using var http = new HttpClient { BaseAddress = new Uri(silo.Url) };
        await load.Progress(200, Token);
        Assert.Equal(HttpStatusCode.Created, await Post(http, "/v1/accounts", """{"account_id":"careful","full_name":"Ann Example"}"""));

        // What a checkpoint frees is taken again, so that the disk is full for all: storage, log and lake.
        var statuses = new HashSet<HttpStatusCode>();
        for (var refusals = 0; refusals < 5;)
        {
            disk.Fill();
            var status = await Post(http, "/v1/accounts/careful/deposits", """{"amount":1}""");
            statuses.Add(status);
            foreach (var path in (string[])["/v1/accounts/careful", "/v1/accounts/careful/ledger", "/v1/assets"])
            {
                using var read = await http.GetAsync(path, Token);
                statuses.Add(read.StatusCode);
            }

            if (status == HttpStatusCode.ServiceUnavailable) refusals++;
        }

        disk.MakeRoom();
        await load.Progress(200, Token);
        await load.Stop(() => silo.Output, Token);
        var after = await Post(http, "/v1/accounts/careful/deposits", """{"amount":1}""");
        var verified = await ClientProcess.Run(
            Token, "verify", "--url", silo.Url, "--lake", Path.Combine(data, "lake"), "--journal", journal);
        var exitCode = await silo.Stop(Token);

        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }, statuses);
        Assert.Equal(HttpStatusCode.OK, after);
        Assert.True(verified.ExitCode == 0, verified.Output + silo.Output);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("fail: Banking.Silo.Http.Failures", silo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silo_WhenTheDataFolderIsReadOnly_SaysSoAndEnds(bool usedBefore)
    {
        using var disk = SmallDisk.Mount(megabytes: 64);
        if (usedBefore)
        {
            await using var earlier = await SiloProcess.Start(disk.Path, SiloProcess.FreePort(), Token);
            Assert.Equal(0, await earlier.Stop(Token));
        }

        disk.MakeReadOnly();
        var (exitCode, output) = await SiloProcess.StartInVain(disk.Path, SiloProcess.FreePort(), Token);

        Assert.Equal(1, exitCode);
        Assert.Contains(disk.Path, output, StringComparison.Ordinal);
        Assert.Contains("can't be written", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenTheDiskIsFullAtTheStart_SaysSoAndEnds()
    {
        using var disk = SmallDisk.Mount(megabytes: 1);
        disk.Fill();

        var (exitCode, output) = await SiloProcess.StartInVain(Path.Combine(disk.Path, "data"), SiloProcess.FreePort(), Token);

        Assert.Equal(1, exitCode);
        Assert.Contains(disk.Path, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Post(HttpClient http, string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, body, Token);
        return answer.StatusCode;
    }
}
