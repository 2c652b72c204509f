namespace Banking.Sink.Tests.Support;

/// <summary>A folder for one test; in memory where the system has such a place, as what is tested is not the disk.</summary>
internal sealed class TempFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    public string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(
            Directory.Exists(InMemory) ? InMemory : System.IO.Path.GetTempPath(), $"banking-sink-{Guid.NewGuid():N}")).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
