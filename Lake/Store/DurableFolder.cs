namespace Banking.Lake.Store;

/// <summary>Folders that survive a loss of power: the name of one is durable only when its parent was synced.</summary>
public static class DurableFolder
{
    /// <summary>Makes a folder that is not there, and those above it; each one's name is durable when this returns.</summary>
    /// <exception cref="IOException">It can't be made, or its parent can't be synced.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Make(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder)) return;
        if (Path.GetDirectoryName(folder) is { } parent) Make(parent);
        MakeInParent(folder);
    }

    /// <summary>Makes a folder unless it is there, and makes its name durable, also if somebody else has just made it.</summary>
    internal static void MakeInParent(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows() && Path.GetDirectoryName(folder) is { } parent) Posix.SyncFolder(parent);
    }
}
