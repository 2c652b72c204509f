namespace Banking.Lake.Hdfs;

/// <summary>
/// A rename as commit and fence. An answer that did not come means that it is perhaps done, so what became of it is looked up: the file's
/// id, which a rename keeps, tells ours from every other owner's. Where that proves nothing the commit fails, and the caller, who stages
/// anew, meets the file that is there.
/// </summary>
internal sealed class HdfsCommit(WebHdfsClient client, HdfsJournal journal)
{
    // The looks between them wait for nodes that are away.
    private const int Tries = 4;

    public async Task<bool> CommitAsync(string staged, string target, CancellationToken cancellationToken)
    {
        var file = await client.StatusAsync(staged, cancellationToken) ?? throw new FileNotFoundException(
            $"Can't commit {target}: the staged file {staged} is gone.", staged);
        await client.MakeFolderAsync(HdfsPath.FolderOf(target), cancellationToken);
        IOException? failure = null;
        for (var tries = 0; ; tries++)
        {
            // Also before the first try: where renames know no options, a folder of the target's name would take the file in.
            var outcome = await LookAsync(file, staged, target, cancellationToken);
            if (outcome != RenameOutcome.Open) return await SettleAsync(outcome, file, staged, target, cancellationToken);
            if (failure is not null && (failure is not HdfsAwayException || tries == Tries)) throw failure;
            try
            {
                if (await client.TryRenameAsync(staged, target, cancellationToken)) return true;
                failure = new IOException($"Can't commit {target}: HDFS did not rename {staged}.");
            }
            catch (IOException e)
            {
                failure = e;
            }
        }
    }

    private async Task<RenameOutcome> LookAsync(HdfsStatus file, string staged, string target, CancellationToken cancellationToken)
    {
        var there = await client.StatusAsync(target, cancellationToken);
        if (there is { IsFolder: true }) throw new IOException($"Can't commit {target}: there is a folder of this name.");

        // In this order: see RenameOutcomes.
        return RenameOutcomes.Of(file, there, await client.StatusAsync(staged, cancellationToken));
    }

    // What is seen may not be in the journal yet; what is still seen when that has been written is there to stay.
    private async Task<bool> SettleAsync(
        RenameOutcome seen, HdfsStatus file, string staged, string target, CancellationToken cancellationToken)
    {
        if (seen is RenameOutcome.Done or RenameOutcome.Lost)
        {
            await journal.SyncAsync(cancellationToken);
            if (await LookAsync(file, staged, target, cancellationToken) == seen) return seen == RenameOutcome.Done;
        }

        throw new IOException($"Can't tell whether {staged} became {target}.");
    }
}
