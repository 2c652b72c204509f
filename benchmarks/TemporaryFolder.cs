namespace Banking.Benchmarks;

/// <summary>A folder that is removed with all that is in it.</summary>
internal sealed class TemporaryFolder(string parent) : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(parent, "banking-bench-" + Guid.NewGuid().ToString("N"))).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
