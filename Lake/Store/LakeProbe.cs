namespace Banking.Lake.Store;

/// <summary>Checks whether a folder can be a lake.</summary>
public static class LakeProbe
{
    /// <summary>
    /// Creates the folder if it does not exist, writes a file to it, and commits the file as the store does with every file.
    /// </summary>
    /// <exception cref="IOException">It can't be written, or its file system has no way to commit a file; the message is a
    /// sentence.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not write it.</exception>
    public static void Run(string folder)
    {
        DurableFolder.Make(folder);
        var staged = Path.Combine(folder, $"_probe-{Guid.NewGuid():N}");
        var committed = staged + ".committed";
        try
        {
            File.WriteAllBytes(staged, [1]);
            if (!OperatingSystem.IsWindows()) Commit(staged, committed);
        }
        finally
        {
            File.Delete(staged);
            File.Delete(committed);
        }
    }

    private static void Commit(string staged, string committed)
    {
        try
        {
            Posix.TryCommit(staged, committed);
        }
        catch (IOException e) when (e is not FileNotFoundException)
        {
            throw new IOException(
                "its file system has neither hard links nor renames that never overwrite, and without one of them two silos could commit "
                    + "the same file: set Banking:Lake:Root to a folder elsewhere.",
                e);
        }
    }
}
