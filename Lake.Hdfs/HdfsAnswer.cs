using System.Text.Json;

namespace Banking.Lake.Hdfs;

/// <summary>Reads the answers of WebHDFS. No message contains a URL's query, as that may contain a token.</summary>
internal static class HdfsAnswer
{
    private static readonly string[] TryElsewhere =
        ["StandbyException", "RetriableException", "ObserverRetryOnActiveException", "SafeModeException"];

    public static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 302 or 303 or 307 or 308;

    /// <summary>The address that the data goes to or comes from.</summary>
    /// <exception cref="HdfsException">The redirect can't be followed.</exception>
    public static Uri LocationOf(HttpResponseMessage response, string what)
    {
        if (response.Headers.Location is not { IsAbsoluteUri: true, Scheme: "http" or "https" } location)
            throw new HdfsException($"{what}: the answer is no redirect that can be followed.", "", (int)response.StatusCode);

        // TLS was asked for above all to protect the data, and the token in that address.
        if (location.Scheme == Uri.UriSchemeHttp && response.RequestMessage?.RequestUri?.Scheme == Uri.UriSchemeHttps)
            throw new HdfsException(
                $"{what}: the name node points to {location.Authority} without TLS; nothing was sent there.", "", (int)response.StatusCode);
        return location;
    }

    /// <exception cref="HdfsException">The answer is not what was asked for.</exception>
    public static async Task<T> JsonAsync<T>(
        HttpResponseMessage response, string what, Func<JsonElement, T> parse, CancellationToken cancellationToken)
    {
        // Read as a whole before it is parsed: a connection that is cut is not a malformed answer.
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            using var json = JsonDocument.Parse(body);
            return parse(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HdfsException($"{what}: the answer is not WebHDFS' JSON: {e.Message}", "", (int)response.StatusCode);
        }
    }

    /// <summary>The exception for an answer that is not a success.</summary>
    public static async Task<IOException> FailureAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var (name, sentence) = Read(await response.Content.ReadAsStringAsync(cancellationToken));
        if (TryElsewhere.Contains(name)) return new HdfsAwayException($"{what}: {sentence} ({name})", null);
        if (name.Length > 0) return new HdfsException($"{what}: {sentence} ({name})", name, status);
        if (status == 401) return new HdfsException($"{what}: {ReasonOfRefusedIdentity(response)}", "", status);

        // The answer comes from something between here and HDFS, or from a server that is starting.
        var text = $"{what}: HTTP {status} {response.ReasonPhrase}";
        return status is 408 or 429 or >= 500 and not 501 ? new HdfsAwayException(text, null) : new HdfsException(text, "", status);
    }

    private static string ReasonOfRefusedIdentity(HttpResponseMessage response) =>
        response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme.Equals("Negotiate", StringComparison.OrdinalIgnoreCase))
            ? "HDFS asks for Kerberos and got no ticket that it takes: see the lake's settings Kerberos and DelegationToken (HTTP 401)."
            : "HDFS does not take who the lake says to be (HTTP 401).";

    private static (string Name, string Sentence) Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var remote = json.RootElement.GetProperty("RemoteException");
            var sentence = remote.TryGetProperty("message", out var message) ? message.GetString() ?? "" : "";

            // A Java stack trace may follow.
            return (remote.GetProperty("exception").GetString() ?? "", sentence.Split('\n')[0].TrimEnd());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ("", "");
        }
    }
}

/// <param name="Name">The name without its folder; empty for the file that was itself asked for.</param>
/// <param name="FileId">A number that no other file of the namespace has or had, and that a rename keeps; 0 if the server, like HttpFS,
/// does not tell it.</param>
internal sealed record HdfsStatus(string Name, bool IsFolder, long Length, DateTimeOffset Modified, long FileId)
{
    /// <exception cref="KeyNotFoundException">The JSON is not a file status.</exception>
    public static HdfsStatus Parse(JsonElement status)
    {
        var isFolder = status.GetProperty("type").GetString() == "DIRECTORY";
        return new(
            status.GetProperty("pathSuffix").GetString()!,
            isFolder,
            isFolder ? 0 : status.GetProperty("length").GetInt64(),
            DateTimeOffset.FromUnixTimeMilliseconds(status.GetProperty("modificationTime").GetInt64()),
            status.TryGetProperty("fileId", out var id) ? id.GetInt64() : 0);
    }

    /// <summary>The <c>FileStatuses</c> of a folder.</summary>
    public static List<HdfsStatus> ParseList(JsonElement holder) =>
        [.. holder.GetProperty("FileStatuses").GetProperty("FileStatus").EnumerateArray().Select(Parse)];
}

/// <summary>HDFS refused a call; the message ends with its own sentence.</summary>
/// <param name="name">The Java exception's simple name; empty if the server gave none.</param>
/// <param name="status">The HTTP status.</param>
internal sealed class HdfsException(string message, string name, int status) : IOException(message)
{
    public string Name => name;

    public bool IsAlreadyThere => name is "FileAlreadyExistsException" or "AlreadyBeingCreatedException" or "RecoveryInProgressException";

    public bool IsNotFound => name == "FileNotFoundException";

    /// <summary>True if the server is older than the operation, or is an HttpFS without it.</summary>
    public bool IsUnsupported => status is 400 or 501 || name is "IllegalArgumentException" or "UnsupportedOperationException";
}

/// <summary>
/// A node could not do its work now; another one may, or the same one later. Unless the node itself said so, the work may have been done.
/// </summary>
internal sealed class HdfsAwayException(string message, Exception? cause) : IOException(message, cause);
