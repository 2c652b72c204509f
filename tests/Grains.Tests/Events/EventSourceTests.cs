using System.Text;
using Banking.Events;

namespace Banking.Grains.Tests.Events;

public sealed class EventSourceTests
{
    [Theory]
    [InlineData("k7f3q9x2b4mz", 1, "k7f3q9x2b4mz")]
    [InlineData("k7f3q9x2b4mz", 17, "k7f3q9x2b4mz;17")]
    [InlineData("a", long.MaxValue, "a;9223372036854775807")]
    public void ToBytes_WhenReadBack_GivesTheSame(string bank, long first, string text)
    {
        var source = new EventSource(bank, first);

        Assert.Equal(text, Encoding.ASCII.GetString(source.ToBytes()));
        Assert.True(EventSource.TryParse(source.ToBytes(), out var read));
        Assert.Equal(source, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";1")]
    [InlineData("a;")]
    [InlineData("a;0")]
    [InlineData("a;-1")]
    [InlineData("a;1;2")]
    [InlineData("a;9223372036854775808")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("123456789012345678901234567890123")]
    public void TryParse_WhenItIsNoSource_SaysSo(string text) => Assert.False(EventSource.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
