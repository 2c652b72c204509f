namespace Banking.Lake.Hdfs;

/// <summary>
/// A file that is read in windows of a bounded size, so that a reader that seeks, as a Parquet reader does, needs few calls. The last
/// window of a file is read as a whole, wherever in it the reader begins, because a footer is found from its end. Not thread-safe.
/// </summary>
/// <param name="read">Fills a buffer from an offset on.</param>
internal sealed class RangedReadStream(long length, int window, Func<long, Memory<byte>, CancellationToken, Task> read) : Stream
{
    private byte[] _window = [];
    private long _start;
    private int _filled;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException(
            "An attempt was made to move the position before the beginning of the stream.");
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        SeekOrigin.End => length,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position >= length) return 0;
        if (_position < _start || _position >= _start + _filled) await FillAsync(cancellationToken);
        var available = _window.AsMemory(0, _filled)[(int)(_position - _start)..];
        var count = Math.Min(available.Length, buffer.Length);
        available[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // For readers that only read synchronously; nothing here needs the caller's thread.
    public override int Read(byte[] buffer, int offset, int count) =>
        Task.Run(() => ReadAsync(buffer, offset, count, CancellationToken.None)).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var start = Math.Min(_position, Math.Max(0, length - window));
        var count = (int)Math.Min(window, length - start);
        if (_window.Length < count) _window = new byte[count];
        _filled = 0;
        await read(start, _window.AsMemory(0, count), cancellationToken);
        (_start, _filled) = (start, count);
    }
}
