using Banking.Lake.Hdfs;

namespace Banking.Sink.Tests.Store.WebHdfs;

public sealed class RenameOutcomesTests
{
    private static readonly HdfsStatus Ours = new("", false, 4, DateTimeOffset.UnixEpoch, 7);
    private static readonly HdfsStatus Twin = Ours with { FileId = 8 };
    private static readonly HdfsStatus Nameless = Ours with { FileId = 0 };

    public static TheoryData<object, object?, object?, string> Cases => new()
    {
        { Ours, Ours, null, "Done" },
        { Ours, Twin, Ours, "Lost" },
        { Ours, Twin, null, "Lost" },
        { Ours, null, Ours, "Open" },
        { Ours, null, null, "Unknown" },
        { Nameless, Nameless, Nameless, "Lost" },
        { Nameless, Nameless, null, "Unknown" },
        { Nameless, null, Nameless, "Open" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_WhenSeen_ThenSaysOnlyWhatIsProved(object staged, object? target, object? source, string outcome) =>
        Assert.Equal(outcome, RenameOutcomes.Of((HdfsStatus)staged, (HdfsStatus?)target, (HdfsStatus?)source).ToString());
}
