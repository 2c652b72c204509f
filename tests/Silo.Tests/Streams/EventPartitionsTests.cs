using Banking.Silo.Streams;

namespace Banking.Silo.Tests.Streams;

public sealed class EventPartitionsTests
{
    private readonly LateLog _log = new(7);
    private readonly EventPartitions _partitions;

    public EventPartitionsTests() => _partitions = new EventPartitions(_log);

    [Fact]
    public void Of_WhenTheLogIsNotOpen_ThenNotKnown()
    {
        Assert.Null(_partitions.Of("alice"));
        Assert.Null(_partitions.Count);
    }

    [Fact]
    public void Of_WhenTheLogOpensLater_ThenKnownAndTheLogIsAskedNoMore()
    {
        _partitions.Of("alice");
        _log.IsOpen = true;
        Assert.InRange(_partitions.Of("alice")!.Number, 0, 6);
        var asked = _log.CountAsked;

        Assert.Equal(_partitions.Of("alice"), _partitions.Of("alice"));
        Assert.Equal((7, asked), (_partitions.Count, _log.CountAsked));
    }
}
