using System.Globalization;
using System.Runtime.CompilerServices;
using Banking.Lake.Store;

namespace Banking.Lake.Hdfs;

/// <summary>A lake on HDFS, over WebHDFS or HttpFS. It connects only on the first call.</summary>
internal sealed class WebHdfsLakeStore : ILakeStore, IDisposable
{
    private readonly WebHdfsOptions _options;
    private readonly WebHdfsConnection _connection;
    private readonly WebHdfsClient _client;
    private readonly HdfsJournal _journal;
    private readonly HdfsCommit _commit;
    private readonly string _root;
    private readonly TimeProvider _time;

    public WebHdfsLakeStore(WebHdfsAddress address, WebHdfsOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _root = address.Path;
        _connection = new WebHdfsConnection(address, options, time);
        _client = new WebHdfsClient(_connection);
        _journal = new HdfsJournal(_client, _root, time);
        _commit = new HdfsCommit(_client, _journal);
    }

    public async IAsyncEnumerable<LakeEntry> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        for (var more = true; more;)
        {
            List<HdfsStatus> entries;
            try
            {
                (entries, more) = await _client.ListAsync(Full(folder), after, cancellationToken);
            }
            catch (HdfsException e) when (e.IsNotFound)
            {
                yield break;
            }

            // Listing a file gives the file itself, without a name.
            foreach (var entry in entries.Where(entry => entry.Name.Length > 0)) yield return Entry(entry);
            if (entries.Count == 0) yield break;
            after = entries[^1].Name;
        }
    }

    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken)
    {
        var full = Full(path);
        if (await _client.StatusAsync(full, cancellationToken) is not { IsFolder: false } file)
        {
            throw new FileNotFoundException($"There is no file {full}.", path);
        }
        return new RangedReadStream(file.Length, _options.ReadWindow, ReadAsync);

        async Task ReadAsync(long offset, Memory<byte> buffer, CancellationToken token)
        {
            try
            {
                await _client.ReadAsync(full, offset, buffer, token);
            }
            catch (HdfsException e) when (e.IsNotFound)
            {
                throw new FileNotFoundException(e.Message, path, e);
            }
        }
    }

    public async Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var full = Full(path);

        // A data node may cut the connection before its refusal is read. A file that is left there would then be taken for ours.
        if (await _client.StatusAsync(full, cancellationToken) is not null)
        {
            throw new IOException($"Can't stage {full}: there is something of this name.");
        }
        try
        {
            var sent = await _client.CreateAsync(full, write, cancellationToken);
            var stored = (await _client.StatusAsync(full, cancellationToken))?.Length;

            // If the connection is cut, a data node takes that for the end of the file.
            return stored == sent ? sent : throw new IOException($"{full} has {stored ?? 0} bytes of the {sent} that were written.");
        }
        catch
        {
            await this.DiscardAsync(path, _time);
            throw;
        }
    }

    public Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken) =>
        _commit.CommitAsync(Full(stagedPath), Full(path), cancellationToken);

    public Task SettleAsync(string path, CancellationToken cancellationToken)
    {
        LakeName.Checked(path);
        return _journal.SyncAsync(cancellationToken);
    }

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => _client.DeleteAsync(Full(path), cancellationToken);

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) =>
        _client.DeleteFolderAsync(Full(folder), cancellationToken);

    public void Dispose() => _connection.Dispose();

    private string Full(string path) => HdfsPath.Of(_root, path);

    private static LakeEntry Entry(HdfsStatus status) => new(
        status.Name, status.IsFolder, status.Length, status.Modified, status.IsFolder
            ? status.Modified.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
            : null);
}
