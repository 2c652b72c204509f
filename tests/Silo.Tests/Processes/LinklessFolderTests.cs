using System.Text;
using Banking.Simulations.Tests.Processes;

namespace Banking.Silo.Tests.Processes;

/// <summary>A lake on a file system without hard links, such as FAT.</summary>
public sealed class LinklessFolderTests : IDisposable
{
    private const string NoLinks = "?link,linkat:error=EPERM";
    private readonly string _folder = Directory.CreateTempSubdirectory("banking-linkless-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Flush_WhenTheFileSystemHasNoLinks_CommitsByRenamesThatNeverOverwrite()
    {
        await using var silo = await SiloProcess.StartWithFaults(_folder, SiloProcess.FreePort(), [NoLinks], Token);
        using var http = new HttpClient();
        using var body = new StringContent("""{"user_id":"ann","full_name":"Ann Example"}""", Encoding.UTF8, "application/json");
        using var opened = await http.PostAsync($"{silo.Url}/open_account/", body, Token);

        using var flushed = await http.PostAsync($"{silo.Url}/v1/lake/flush", null, Token);

        Assert.True(flushed.IsSuccessStatusCode, silo.Output);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_folder, "lake"), "*.parquet", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "lake"), "_probe-*"));
    }

    [Fact]
    public async Task Start_WhenTheFileSystemCanNotCommitAtAll_SaysSoInASentence()
    {
        var (exitCode, output) = await SiloProcess.StartInVainWithFaults(
            _folder, SiloProcess.FreePort(), [NoLinks, "renameat2:error=EINVAL"], Token);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"The lake folder {_folder}/lake can't be written: its file system has neither hard links nor renames that never overwrite",
            output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
