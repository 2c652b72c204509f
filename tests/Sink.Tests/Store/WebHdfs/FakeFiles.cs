namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>The name space that several fake name nodes share. Not thread-safe.</summary>
internal sealed class FakeFiles
{
    private readonly SortedDictionary<string, (byte[] Bytes, long Id)> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _folders = new(StringComparer.Ordinal);
    private readonly Stack<Action> _unjournaled = new();
    private long _lastId = 16_385;

    public IEnumerable<string> Paths => _files.Keys;

    public byte[]? Read(string path) => _files.TryGetValue(path, out var file) ? file.Bytes : null;

    public void Write(string path, byte[] bytes)
    {
        MakeFolder(FolderOf(path));
        _files[path] = (bytes, ++_lastId);
    }

    public void MakeFolder(string path)
    {
        for (; path.Length > 0; path = FolderOf(path)) _folders.Add(path);
    }

    public bool Delete(string path) => _files.Remove(path) || _folders.Remove(path);

    public bool DeleteTree(string path)
    {
        var below = _files.Keys.Concat(_folders).Where(p => p == path || p.StartsWith(path + "/", StringComparison.Ordinal)).ToList();
        foreach (var p in below) Delete(p);
        return below.Count > 0;
    }

    public bool Exists(string path) => _files.ContainsKey(path) || _folders.Contains(path);

    /// <summary>Everybody sees it; in the journal it is with the next <see cref="Sync"/>.</summary>
    public bool Rename(string from, string to)
    {
        if (Exists(to) || !_files.Remove(from, out var file)) return false;
        _files[to] = file;
        _unjournaled.Push(() =>
        {
            _files.Remove(to);
            _files[from] = file;
        });
        return true;
    }

    /// <summary>Writes the journal, as before every answer to a change.</summary>
    public void Sync() => _unjournaled.Clear();

    /// <summary>The name node dies and comes back: what is not in the journal is lost.</summary>
    public void Crash()
    {
        while (_unjournaled.TryPop(out var undo)) undo();
    }

    /// <param name="withId">Whether the server tells ids, as name nodes do and HttpFS does not.</param>
    public object? Status(string path, string suffix, bool withId)
    {
        if (_folders.Contains(path)) return new { type = "DIRECTORY", length = 0, modificationTime = 0, pathSuffix = suffix };
        if (!_files.TryGetValue(path, out var file)) return null;
        return withId
            ? new { type = "FILE", length = file.Bytes.Length, modificationTime = 0, pathSuffix = suffix, fileId = file.Id }
            : new { type = "FILE", length = file.Bytes.Length, modificationTime = 0, pathSuffix = suffix };
    }

    public List<string> NamesIn(string folder) =>
    [
        .. _files.Keys.Concat(_folders)
            .Where(path => FolderOf(path) == folder)
            .Select(path => path[(folder.Length + 1)..])
            .Order(StringComparer.Ordinal),
    ];

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];
}
