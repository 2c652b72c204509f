namespace Banking.Lake.Hdfs;

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
