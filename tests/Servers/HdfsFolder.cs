using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Banking.Servers;

/// <summary>A folder of a test's own on a real HDFS, seen without any code of the lake; removed with all that is in it.</summary>
/// <param name="nameNode">The name node's URL.</param>
/// <param name="path">Absolute.</param>
internal sealed class HdfsFolder(string nameNode, string path) : IAsyncDisposable
{
    public const string User = "bank";
    private static readonly ParallelOptions SomeAtOnce = new() { MaxDegreeOfParallelism = 8 };
    private readonly HttpClient _http = new() { BaseAddress = new Uri(nameNode) };

    /// <summary>The folder as a lake's root.</summary>
    public string Root => RootAt(_http.BaseAddress!.Authority);

    /// <summary>The same by way of another name node, or of a proxy before it.</summary>
    public string RootAt(string authority) => $"webhdfs://{authority}{path}";

    /// <summary>How many names, files and folders together, may be in the folder.</summary>
    public async Task LimitNames(int names)
    {
        await MakeFolder("");
        await Send(HttpMethod.Put, "", string.Create(CultureInfo.InvariantCulture, $"SETQUOTA&namespacequota={names}"));
    }

    /// <param name="name">Of a folder below this one; empty for this one.</param>
    public Task MakeFolder(string name) => Send(HttpMethod.Put, name, "MKDIRS");

    /// <summary>Removes a folder below this one with all that is in it, if it is there.</summary>
    public Task Remove(string name) => Send(HttpMethod.Delete, name, "DELETE&recursive=true");

    /// <summary>Makes a file of a copy of one of this machine, or overwrites it.</summary>
    public async Task CopyFrom(string file, string name)
    {
        using var asked = await _http.PutAsync(Address(name, "CREATE&overwrite=true&noredirect=true"), null);
        using var json = JsonDocument.Parse(await asked.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        await using var bytes = File.OpenRead(file);
        using var made = await _http.PutAsync(json.RootElement.GetProperty("Location").GetString(), new StreamContent(bytes));
        made.EnsureSuccessStatusCode();
    }

    /// <summary>Makes copies of all files below a folder of this machine, under their names there.</summary>
    public Task CopyAllFrom(string source) => Parallel.ForEachAsync(
        Directory.GetFiles(source, "*", SearchOption.AllDirectories),
        SomeAtOnce,
        async (file, _) => await CopyFrom(file, Path.GetRelativePath(source, file).Replace(Path.DirectorySeparatorChar, '/')));

    /// <summary>The files below a folder, relative to this one.</summary>
    /// <param name="folder">Empty for this one.</param>
    public async Task<List<string>> Files(string folder)
    {
        var files = new List<string>();
        using var answer = await _http.GetAsync(Address(folder, "LISTSTATUS"));
        if (answer.StatusCode == HttpStatusCode.NotFound) return files;
        using var json = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        foreach (var entry in json.RootElement.GetProperty("FileStatuses").GetProperty("FileStatus").EnumerateArray())
        {
            var name = $"{folder}/{entry.GetProperty("pathSuffix").GetString()}".TrimStart('/');
            if (entry.GetProperty("type").GetString() == "DIRECTORY") files.AddRange(await Files(name));
            else files.Add(name);
        }

        return files;
    }

    /// <summary>Copies folders of the lake to this machine, where DuckDB can read them.</summary>
    /// <param name="folders">One that is empty is this one.</param>
    public async Task CopyTo(string target, params IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            await Parallel.ForEachAsync(await Files(folder), SomeAtOnce, async (file, _) =>
            {
                var copy = Path.Combine(target, file);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                await using var bytes = File.Create(copy);
                await using var read = await _http.GetStreamAsync(Address(file, "OPEN"), CancellationToken.None);
                await read.CopyToAsync(bytes, CancellationToken.None);
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Remove("");
        _http.Dispose();
    }

    private async Task Send(HttpMethod method, string name, string operation)
    {
        using var request = new HttpRequestMessage(method, Address(name, operation));
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private string Address(string name, string operation) =>
        $"webhdfs/v1{string.Join('/', $"{path}/{name}".TrimEnd('/').Split('/').Select(Uri.EscapeDataString))}"
        + $"?user.name={User}&op={operation}";
}
