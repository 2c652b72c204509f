namespace Banking.Lake.Hdfs;

/// <summary>
/// A rename as commit and fence. If no answer comes, the rename may have been done, so its outcome is looked up: the file's id, which a
/// rename keeps, tells our file from every other owner's. If that proves nothing, the commit fails; the caller then stages again and finds
/// the file that is there.
/// </summary>
internal sealed class HdfsCommit(WebHdfsClient client, HdfsJournal journal)
{
    // The checks between the tries wait for nodes that are unavailable.
    private const int Tries = 4;

    public async Task<bool> CommitAsync(string staged, string target, CancellationToken cancellationToken)
    {
        var file = await client.StatusAsync(staged, cancellationToken) ?? throw new FileNotFoundException(
            $"Can't commit {target}: the staged file {staged} is gone.", staged);
        await client.MakeFolderAsync(HdfsPath.FolderOf(target), cancellationToken);
        IOException? failure = null;
        for (var tries = 0; ; tries++)
        {
            // Checked before the first try too: where renames have no options, a folder with the target's name would take in the file.
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

        // The order matters: see RenameOutcomes.
        return RenameOutcomes.Of(file, there, await client.StatusAsync(staged, cancellationToken));
    }

    // What is visible may not be in the journal yet; what is still visible once the journal has been written is there to stay.
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
/// A name node shows a change before its journal has it, and loses the change if it dies in between: it writes the journal after releasing
/// its lock, and answers after that. Journals are written in order, so once a later change is answered, everything visible before it is in
/// the journal.
/// </summary>
/// <param name="root">The lake's folder.</param>
internal sealed class HdfsJournal(WebHdfsClient client, string root, TimeProvider time)
{
    private readonly string _folder = $"{root}/{Files.LakePath.Staging}";

    /// <summary>Returns when everything that was visible before the call is in the journal, or lost.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Setting a folder's time is the smallest change that always counts as one: an existing folder is not made again, and anything
            // newly made would have to be removed.
            await client.SetTimeAsync(_folder, time.GetUtcNow(), cancellationToken);
        }
        catch (HdfsException e) when (e.IsNotFound)
        {
            await client.MakeFolderAsync(_folder, cancellationToken);
            await client.SetTimeAsync(_folder, time.GetUtcNow(), cancellationToken);
        }
    }
}

/// <summary>The outcome of a rename.</summary>
internal enum RenameOutcome
{
    /// <summary>The target is the file that was staged.</summary>
    Done,

    /// <summary>The target is another file: a rename never overwrites, so the staged file can't get there any more.</summary>
    Lost,

    /// <summary>The target is free and the staged file is in its place: the rename was not done, and may be tried again.</summary>
    Open,

    /// <summary>What is visible proves nothing.</summary>
    Unknown,
}

/// <summary>Tells the outcome of a rename from what is visible. Pure.</summary>
internal static class RenameOutcomes
{
    /// <param name="staged">The staged file as it was before any rename.</param>
    /// <param name="target">The target now.</param>
    /// <param name="source">The staged file's place, seen after <paramref name="target"/>.</param>
    /// <remarks>
    /// Length and time of two owners' files may be the same, so only the file's id proves that the target is ours. Without ids one thing is
    /// still certain: a file that is in its old place was not in the new one before.
    /// </remarks>
    public static RenameOutcome Of(HdfsStatus staged, HdfsStatus? target, HdfsStatus? source)
    {
        if (target is null) return source is null ? RenameOutcome.Unknown : RenameOutcome.Open;
        if (staged.FileId != 0 && target.FileId != 0) return staged.FileId == target.FileId ? RenameOutcome.Done : RenameOutcome.Lost;
        return source is null ? RenameOutcome.Unknown : RenameOutcome.Lost;
    }
}
