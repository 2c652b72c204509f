using Banking.Lake.Hdfs;

namespace Banking.Sink.Tests.Store.WebHdfs;

public sealed class RangedReadStreamTests
{
    private readonly byte[] _file = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
    private readonly List<(long Start, int Count)> _reads = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_WhenAFooterIsReadFromItsEnd_ThenIsOneRead()
    {
        await using var stream = Open(30);

        stream.Seek(-8, SeekOrigin.End);
        await stream.ReadExactlyAsync(new byte[8], Token);
        stream.Seek(-28, SeekOrigin.End);
        var footer = new byte[20];
        await stream.ReadExactlyAsync(footer, Token);

        Assert.Equal(_file[72..92], footer);
        Assert.Equal([(70, 30)], _reads);
    }

    [Fact]
    public async Task ReadAsync_WhenReadToTheEnd_ThenReadsEachWindowOnce()
    {
        await using var stream = Open(30);
        using var copy = new MemoryStream();

        await stream.CopyToAsync(copy, Token);

        Assert.Equal(_file, copy.ToArray());
        Assert.Equal([(0, 30), (30, 30), (60, 30), (70, 30)], _reads);
    }

    [Fact]
    public void Read_WhenCalledWithoutAsync_ThenGivesTheSame()
    {
        using var stream = Open(30);
        var bytes = new byte[100];

        stream.ReadExactly(bytes);

        Assert.Equal(_file, bytes);
    }

    private RangedReadStream Open(int window) => new(_file.Length, window, (start, buffer, _) =>
    {
        _reads.Add((start, buffer.Length));
        _file.AsMemory((int)start, buffer.Length).CopyTo(buffer);
        return Task.CompletedTask;
    });
}
