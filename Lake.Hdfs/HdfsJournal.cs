namespace Banking.Lake.Hdfs;

/// <summary>
/// A name node shows a change before its journal has it (it writes the journal after it released its lock, and answers after that), and
/// loses the change if it dies in between. Journals are written in order: once a later change is answered, all that could be seen before
/// it is in the journal.
/// </summary>
/// <param name="root">The lake's folder.</param>
internal sealed class HdfsJournal(WebHdfsClient client, string root, TimeProvider time)
{
    private readonly string _folder = $"{root}/{Files.LakePath.Staging}";

    /// <summary>Returns when all that could be seen before is in the journal, or lost.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A time of a folder is the smallest change that is always one: a folder that is there is not made again, and what is made
            // would have to be removed.
            await client.SetTimeAsync(_folder, time.GetUtcNow(), cancellationToken);
        }
        catch (HdfsException e) when (e.IsNotFound)
        {
            await client.MakeFolderAsync(_folder, cancellationToken);
            await client.SetTimeAsync(_folder, time.GetUtcNow(), cancellationToken);
        }
    }
}
