using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Banking.Storage.Tests;

public sealed class ExceptionTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StorageWriteFailedException_WhenSentToAClient_KeepsWhatIsKnown(bool outcomeUnknown)
    {
        var sent = new StorageWriteFailedException("Disk on fire.", outcomeUnknown, new IOException("Inner."));

        var received = Assert.IsType<StorageWriteFailedException>(Send(sent));

        Assert.Equal("Disk on fire.", received.Message);
        Assert.Equal(outcomeUnknown, received.OutcomeUnknown);
    }

    [Fact]
    public void StorageReadFailedException_WhenSentToAClient_KeepsItsMessage() =>
        Assert.Equal("Damaged.", Assert.IsType<StorageReadFailedException>(Send(new StorageReadFailedException("Damaged."))).Message);

    [Fact]
    public void StorageOpenException_WhenSentToAClient_KeepsItsMessage() =>
        Assert.Equal("Newer.", Assert.IsType<StorageOpenException>(Send(new StorageOpenException("Newer."))).Message);

    private Exception Send(Exception exception)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<Exception>(serializer.SerializeToArray(exception))!;
    }
}
