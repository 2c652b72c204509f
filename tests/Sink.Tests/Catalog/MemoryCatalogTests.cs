using Banking.Lake.Catalog;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Catalog;

/// <summary>The catalog that other tests go by does what a real one does.</summary>
public sealed class MemoryCatalogTests : LakeCatalogContract
{
    protected override ILakeCatalog Catalog { get; } = new MemoryCatalog();
}
