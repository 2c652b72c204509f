using Banking.Lake.Store;

namespace Banking.Sink.Tests.Store;

public sealed class FolderLakeStoreTests : LakeStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public FolderLakeStoreTests() => Store = new FolderLakeStore(_folder.Path);

    protected override ILakeStore Store { get; }

    public void Dispose() => _folder.Dispose();
}
