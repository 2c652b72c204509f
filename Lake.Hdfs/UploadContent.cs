using System.Net;
using System.Net.Http.Headers;
using Banking.Lake.Store;

namespace Banking.Lake.Hdfs;

/// <summary>A request body that is written while it is sent, in chunks.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int BufferSize = 128 * 1024;
    private readonly Func<Stream, CancellationToken, Task> _write;

    public UploadContent(Func<Stream, CancellationToken, Task> write)
    {
        _write = write;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>The number of bytes written; it is final once the request has been answered.</summary>
    public long Written { get; private set; }

    /// <summary>Why the writer stopped early; null if it did not. The file is then useless.</summary>
    public Exception? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Unbuffered, each small write would be a chunk of its own. Not disposed: that would send what a failed writer left.
        var buffer = new BufferedStream(stream, BufferSize);
        var counting = new CountingStream(buffer);
        try
        {
            await _write(counting, cancellationToken);
        }
        catch (Exception e)
        {
            // The request ends as if all was well: the data node then answers once the file exists, so that it can be deleted. If the
            // connection were cut, the node might create the file after the deletion.
            Failure = e;
        }

        await buffer.FlushAsync(cancellationToken);
        Written = counting.Position;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
