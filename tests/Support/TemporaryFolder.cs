namespace Banking.Tests;

/// <summary>A folder of a test's own, gone with it.</summary>
/// <param name="inMemory">In memory where the system has such a place: for tests that are not about the disk.</param>
internal sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(
        inMemory && Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath(), $"banking-test-{Guid.NewGuid():N}")).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
