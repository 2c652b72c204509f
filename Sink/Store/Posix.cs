using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Banking.Sink.Store;

/// <summary>Two things that .NET has no call for: a rename that never overwrites, and a folder whose entries are durable.</summary>
internal static class Posix
{
    private const int NoSuchFile = 2;
    private const int FileExists = 17;

    /// <summary>
    /// Gives a file a second name, atomically, unless that name is taken. <see cref="File.Move(string, string, bool)"/> does the same at best, but
    /// falls back to copying where the file system has no links, and a copy can be seen half done.
    /// </summary>
    /// <returns>False if the name is taken.</returns>
    public static bool TryLink(string existing, string name)
    {
        if (Link(existing, name) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            FileExists => false,
            NoSuchFile => throw new FileNotFoundException($"Can't commit {name}: the staged file {existing} is gone.", existing),
            _ => throw new IOException($"Can't commit {name}: {new Win32Exception(error).Message}."),
        };
    }

    /// <summary>Makes the names in a folder durable.</summary>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0) throw new IOException($"Can't open the folder {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        try
        {
            if (Sync(descriptor) != 0) throw new IOException($"Can't sync the folder {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
