using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Banking.Lake.Hdfs;

/// <summary>
/// The operations of WebHDFS that a lake needs, on absolute paths. All but <see cref="TryRenameAsync"/> are retried while nodes are
/// unavailable.
/// </summary>
internal sealed class WebHdfsClient(WebHdfsConnection connection)
{
    private volatile bool _listsAtOnce;

    /// <returns>Null if there is nothing.</returns>
    public async Task<HdfsStatus?> StatusAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonAsync(
                HttpMethod.Get, "GETFILESTATUS", path, "", json => HdfsStatus.Parse(json.GetProperty("FileStatus")), cancellationToken);
        }
        catch (HdfsException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Creates a folder and its parents, unless they exist.</summary>
    public async Task MakeFolderAsync(string path, CancellationToken cancellationToken)
    {
        if (!await BooleanAsync(HttpMethod.Put, "MKDIRS", path, "", cancellationToken))
        {
            throw new IOException($"MKDIRS {path}: HDFS did not make the folder.");
        }
    }

    /// <exception cref="HdfsException">There is nothing, for instance.</exception>
    public async Task SetTimeAsync(string path, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"&modificationtime={modified.ToUnixTimeMilliseconds()}");

        // A success has no body.
        await connection.RetryAsync(
            async token => await connection.AskAsync(
                HttpMethod.Put, "SETTIMES", path, query, (_, _, _) => Task.FromResult(true), token), cancellationToken);
    }

    /// <returns>False if there was nothing.</returns>
    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) =>
        BooleanAsync(HttpMethod.Delete, "DELETE", path, "", cancellationToken);

    /// <summary>Removes a folder with all that is in it.</summary>
    /// <returns>False if there was nothing.</returns>
    public Task<bool> DeleteFolderAsync(string path, CancellationToken cancellationToken) =>
        BooleanAsync(HttpMethod.Delete, "DELETE", path, "&recursive=true", cancellationToken);

    /// <summary>One page of a folder, in the order of names.</summary>
    /// <param name="after">The last name on the previous page; null for the first page.</param>
    /// <exception cref="HdfsException">There is no such folder, for instance.</exception>
    public async Task<(List<HdfsStatus> Entries, bool More)> ListAsync(string path, string? after, CancellationToken cancellationToken)
    {
        if (!_listsAtOnce)
        {
            try
            {
                var query = after is null ? "" : "&startAfter=" + Uri.EscapeDataString(after);
                return await JsonAsync(HttpMethod.Get, "LISTSTATUS_BATCH", path, query, ParsePage, cancellationToken);
            }
            catch (HdfsException e) when (e.IsUnsupported && after is null)
            {
                // The server is older than Hadoop 3, or is HttpFS.
            }
        }

        var entries = await JsonAsync(HttpMethod.Get, "LISTSTATUS", path, "", HdfsStatus.ParseList, cancellationToken);
        _listsAtOnce = true;
        return (entries, false);
    }

    /// <summary>Writes a new file.</summary>
    /// <returns>How many bytes were sent; fewer may have arrived.</returns>
    public async Task<long> CreateAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        // Nothing is created before the data node is asked. With SYNC_BLOCK the data nodes have the bytes on disk when they answer.
        var location = await connection.RetryAsync(
            async token => await connection.AskAsync(
                HttpMethod.Put,
                "CREATE",
                path,
                "&overwrite=false&createflag=CREATE,SYNC_BLOCK",
                (response, what, _) => Task.FromResult(HdfsAnswer.LocationOf(response, what)),
                token),
            cancellationToken);
        try
        {
            return await connection.UploadAsync(location, $"CREATE {path}", write, cancellationToken);
        }
        catch (HdfsAwayException e) when (e.InnerException is HttpRequestException)
        {
            await ThrowRefusalAsync(location, $"CREATE {path}", cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// Asks for a rename once. It never overwrites: with options HDFS refuses, and HttpFS, which ignores them, answers false.
    /// </summary>
    /// <returns>False if HDFS says that it did not rename.</returns>
    public Task<bool> TryRenameAsync(string from, string to, CancellationToken cancellationToken) => connection.AskAsync(
        HttpMethod.Put,
        "RENAME",
        from,
        $"&destination={Uri.EscapeDataString(to)}&renameoptions=NONE",
        // With options, a success has no body.
        async (response, what, token) => response is { StatusCode: HttpStatusCode.OK, Content.Headers.ContentLength: 0 }
            || await HdfsAnswer.JsonAsync(response, what, json => json.GetProperty("boolean").GetBoolean(), token),
        cancellationToken);

    /// <summary>Fills a buffer from an offset of a file on.</summary>
    public async Task ReadAsync(string path, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"&offset={offset}&length={buffer.Length}");
        await connection.RetryAsync(
            async token =>
            {
                // HttpFS sends the bytes at once.
                var location = await connection.AskAsync(HttpMethod.Get, "OPEN", path, query, FillOrFollowAsync, token);
                return location is null || await connection.FollowAsync(HttpMethod.Get, location, $"OPEN {path}", FillAsync, token);
            },
            cancellationToken);

        async Task<Uri?> FillOrFollowAsync(HttpResponseMessage response, string what, CancellationToken token)
        {
            if (HdfsAnswer.IsRedirect(response)) return HdfsAnswer.LocationOf(response, what);
            await FillAsync(response, what, token);
            return null;
        }

        async Task<bool> FillAsync(HttpResponseMessage response, string what, CancellationToken token)
        {
            await using var stream = await response.Content.ReadAsStreamAsync(token);
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token);
            return read == buffer.Length ? true : throw new HdfsAwayException(
                $"{what}: {read} bytes came of {buffer.Length} from offset {offset} on.", null);
        }
    }

    // A data node that refuses a file closes the connection while the body is being sent, so its message is lost. It repeats the message
    // for a request without a body. If it does not refuse then, it makes an empty file, which is handled like any other remains of a failed
    // upload.
    private async Task ThrowRefusalAsync(Uri location, string what, CancellationToken cancellationToken)
    {
        try
        {
            await connection.FollowAsync(HttpMethod.Put, location, what, (_, _, _) => Task.FromResult(true), cancellationToken);
        }
        catch (HdfsAwayException)
        {
            // The node is indeed unavailable.
        }
        catch (HdfsException e) when (e.IsAlreadyThere)
        {
            // The upload had begun, so it was not refused.
        }
    }

    private static (List<HdfsStatus> Entries, bool More) ParsePage(JsonElement json)
    {
        var listing = json.GetProperty("DirectoryListing");
        return (HdfsStatus.ParseList(listing.GetProperty("partialListing")), listing.GetProperty("remainingEntries").GetInt64() > 0);
    }

    private Task<bool> BooleanAsync(HttpMethod method, string operation, string path, string query, CancellationToken cancellationToken) =>
        JsonAsync(method, operation, path, query, json => json.GetProperty("boolean").GetBoolean(), cancellationToken);

    private async Task<T> JsonAsync<T>(
        HttpMethod method, string operation, string path, string query, Func<JsonElement, T> parse, CancellationToken cancellationToken) =>
        await connection.RetryAsync(
            async token => await connection.AskAsync(
                method, operation, path, query, (response, what, t) => HdfsAnswer.JsonAsync(response, what, parse, t), token),
            cancellationToken);
}
