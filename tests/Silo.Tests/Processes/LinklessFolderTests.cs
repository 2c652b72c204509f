using System.Text;
using Banking.Simulations.Tests.Processes;

namespace Banking.Silo.Tests.Processes;

/// <summary>A lake on a file system without hard links, such as FAT.</summary>
public sealed class LinklessFolderTests : IDisposable
{
    private const string NoLinks = "?link,linkat:error=EPERM";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Flush_WhenTheFileSystemHasNoLinks_CommitsByRenamesThatNeverOverwrite()
    {
        await using var silo = await SiloProcess.StartWithFaults(_folder.Path, SiloProcess.FreePort(), [NoLinks], Token);
        using var http = new HttpClient();
        using var body = new StringContent("""{"user_id":"ann","full_name":"Ann Example"}""", Encoding.UTF8, "application/json");
        using var opened = await http.PostAsync($"{silo.Url}/open_account/", body, Token);

        using var flushed = await http.PostAsync($"{silo.Url}/v1/lake/flush", null, Token);

        Assert.True(flushed.IsSuccessStatusCode, silo.Output);
        Assert.NotEmpty(Directory.EnumerateFiles(_folder.File("lake"), "*.parquet", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("lake"), "_probe-*"));
    }

    [Fact]
    public async Task Start_WhenTheFileSystemCanNotCommitAtAll_SaysSoInASentence()
    {
        var (exitCode, output) = await SiloProcess.StartInVainWithFaults(
            _folder.Path, SiloProcess.FreePort(), [NoLinks, "renameat2:error=EINVAL"], Token);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"The lake folder {_folder.File("lake")} can't be written: its file system has neither hard links nor renames that never "
                + "overwrite",
            output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
