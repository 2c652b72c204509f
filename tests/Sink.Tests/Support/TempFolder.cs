namespace Banking.Sink.Tests.Support;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("banking-sink-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
