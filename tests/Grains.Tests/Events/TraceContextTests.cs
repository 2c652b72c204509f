using Banking.Events;

namespace Banking.Grains.Tests.Events;

public sealed class TraceContextTests
{
    private const string Valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(Valid)]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    public void IsTraceParent_WhenWellFormed_ThenTrue(string text) => Assert.True(TraceContext.IsTraceParent(text));

    [Theory]
    [InlineData("")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c8031-c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-é1")]
    public void IsTraceParent_WhenMalformed_ThenFalse(string text) => Assert.False(TraceContext.IsTraceParent(text));

    [Fact]
    public void Cut_WhenAnotherHeaderIsTooLong_ThenTheTraceStaysWhole()
    {
        var cut = Origins.Cut(new RequestOrigin { UserAgent = new string('x', 1_000), TraceParent = Valid })!;

        Assert.Equal((Origins.MaxLength, Valid), (cut.UserAgent!.Length, cut.TraceParent));
    }

    [Fact]
    public void Cut_WhenTheTraceIsMalformed_ThenOnlyItIsDropped() =>
        Assert.Equal(
            new RequestOrigin { Host = "h" }, Origins.Cut(new RequestOrigin { Host = "h", TraceParent = Valid + new string('0', 600) }));

    [Fact]
    public void Cut_WhenAllIsWithinBounds_ThenTheSame()
    {
        var origin = new RequestOrigin { Host = "h", TraceParent = Valid };

        Assert.Same(origin, Origins.Cut(origin));
    }
}
