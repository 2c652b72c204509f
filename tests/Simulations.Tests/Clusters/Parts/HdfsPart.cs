using Banking.Servers;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>The lake in a folder of a real HDFS; a copy is one of all its files, as <c>distcp</c> makes it.</summary>
internal sealed class HdfsPart(string nameNode, CopyFolders copies, string shown) : ILakePart
{
    private readonly HdfsFolder _folder = new(nameNode, $"/tests/restored-{Guid.NewGuid():N}");

    public void Configure(IDictionary<string, string?> settings) =>
        (settings["Banking:Lake:Root"], settings["Banking:Lake:User"]) = (_folder.Root, HdfsFolder.User);

    public Task Save(int copy) => _folder.CopyTo(CopyOf(copy), "");

    public async Task PutBack(int copy)
    {
        await _folder.Remove("");
        await _folder.CopyAllFrom(CopyOf(copy));
    }

    public async Task<string> Read()
    {
        if (Directory.Exists(shown)) Directory.Delete(shown, recursive: true);
        await _folder.CopyTo(shown, "");
        return shown;
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private string CopyOf(int copy) => Directory.CreateDirectory(Path.Combine(copies[copy], "hdfs")).FullName;
}
