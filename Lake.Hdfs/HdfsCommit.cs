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

/// <summary>What became of a rename.</summary>
internal enum RenameOutcome
{
    /// <summary>The target is the file that was staged.</summary>
    Done,

    /// <summary>The target is another file: a rename never overwrites, so this one can't come there any more.</summary>
    Lost,

    /// <summary>The target is free and the staged file is in its place: the rename was not done, and may be asked for again.</summary>
    Open,

    /// <summary>What can be seen proves nothing.</summary>
    Unknown,
}

/// <summary>Tells what became of a rename from what can be seen. Pure.</summary>
internal static class RenameOutcomes
{
    /// <param name="staged">The staged file as it was before any rename.</param>
    /// <param name="target">The target now.</param>
    /// <param name="source">The staged file's place, seen after <paramref name="target"/>.</param>
    /// <remarks>
    /// Length and time of two owners' files may be the same, so only the file's id proves that the target is ours. Without ids one thing
    /// is still sure: a file that is in its old place was not in the new one before.
    /// </remarks>
    public static RenameOutcome Of(HdfsStatus staged, HdfsStatus? target, HdfsStatus? source)
    {
        if (target is null) return source is null ? RenameOutcome.Unknown : RenameOutcome.Open;
        if (staged.FileId != 0 && target.FileId != 0) return staged.FileId == target.FileId ? RenameOutcome.Done : RenameOutcome.Lost;
        return source is null ? RenameOutcome.Unknown : RenameOutcome.Lost;
    }
}
