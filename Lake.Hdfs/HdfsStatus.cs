using System.Text.Json;

namespace Banking.Lake.Hdfs;

/// <param name="Name">Without its folder; empty for the file that was asked for itself.</param>
/// <param name="FileId">The number that no other file of the name space has or had, and that a rename keeps; 0 if the server does not
/// tell, as HttpFS.</param>
internal sealed record HdfsStatus(string Name, bool IsFolder, long Length, DateTimeOffset Modified, long FileId)
{
    /// <exception cref="KeyNotFoundException">It is not a file status.</exception>
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
