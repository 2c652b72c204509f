using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Banking.Lake.Store;

/// <summary>Two things that .NET has no call for: a rename that never overwrites, and a folder whose entries are durable.</summary>
internal static class Posix
{
    private const int NoSuchFile = 2;
    private const int FileExists = 17;

    // For Linux' renameat2 and macOS' renamex_np.
    private const int CurrentFolder = -100;
    private const uint NoReplace = 1;
    private const uint Exclusive = 4;

    /// <summary>
    /// Gives a file another name atomically, unless that name is taken. It makes a second name (a hard link), so that the first one stays.
    /// Where the file system has no links (FAT, exFAT, some network and FUSE file systems) it renames.
    /// <see cref="File.Move(string, string, bool)"/> does the same at best, but may fall back to copying, and a half-done copy is visible.
    /// </summary>
    /// <returns>False if the name is taken.</returns>
    public static bool TryCommit(string existing, string name)
    {
        if (Link(existing, name) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        if (error is FileExists) return false;
        if (error is NoSuchFile) throw Gone(existing, name);
        return TryRename(existing, name, new Win32Exception(error).Message);
    }

    /// <param name="reason">Why no link was made.</param>
    private static bool TryRename(string existing, string name, string reason)
    {
        int error;
        try
        {
            var result = OperatingSystem.IsMacOS()
                ? RenameExclusive(existing, name, Exclusive)
                : Rename(CurrentFolder, existing, CurrentFolder, name, NoReplace);
            if (result == 0) return true;
            error = Marshal.GetLastPInvokeError();
        }
        catch (EntryPointNotFoundException e)
        {
            throw new IOException($"Can't commit {name}: {reason}.", e);
        }

        return error switch
        {
            FileExists => false,
            NoSuchFile => throw Gone(existing, name),
            _ => throw new IOException(
                $"Can't commit {name}: neither by a link ({reason}) "
                    + $"nor by a rename that never overwrites ({new Win32Exception(error).Message})."),
        };
    }

    private static FileNotFoundException Gone(string existing, string name) =>
        new($"Can't commit {name}: the staged file {existing} is gone.", existing);

    /// <summary>Makes the names in a folder durable.</summary>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Can't open the folder {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }
        try
        {
            if (Sync(descriptor) != 0)
            {
                throw new IOException($"Can't sync the folder {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    private static extern int Rename(
        int folder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing,
        int nameFolder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        uint flags);

    [DllImport("libc", EntryPoint = "renamex_np", SetLastError = true)]
    private static extern int RenameExclusive(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
