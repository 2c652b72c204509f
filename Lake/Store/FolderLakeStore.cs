using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Banking.Lake.Store;

/// <summary>A lake in a folder on this machine.</summary>
public sealed class FolderLakeStore : ILakeStore
{
    private const int BufferSize = 128 * 1024;
    private readonly string _root;

    // Folders that this process has made durable. One that merely exists may be from another process that has not synced it yet, or died
    // before it did.
    private readonly ConcurrentDictionary<string, bool> _durable = new();

    /// <param name="root">The lake's folder; created if it does not exist.</param>
    public FolderLakeStore(string root)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        DurableFolder.Make(_root);
    }

    public async IAsyncEnumerable<LakeEntry> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var directory = new DirectoryInfo(Full(folder));
        if (!directory.Exists) yield break;
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();

            // A file that is removed while the folder is read has no length any more.
            var length = entry is FileInfo { Exists: true } file ? file.Length : 0;
            var token = entry is DirectoryInfo ? entry.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture) : null;
            yield return new LakeEntry(entry.Name, entry is DirectoryInfo, length, entry.LastWriteTimeUtc, token);
        }
    }

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream>(
                new FileStream(Full(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, path, e);
        }
    }

    public async Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var full = Full(path);
        MakeFolder(Path.GetDirectoryName(full)!);
        var file = new FileStream(full, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferSize);
        try
        {
            long length;
            await using (file)
            {
                var counting = new CountingStream(file);
                await write(counting, cancellationToken);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
                length = counting.Position;
            }

            var stored = new FileInfo(full).Length;
            return stored == length ? length : throw new IOException($"{path} has {stored} bytes of the {length} that were written.");
        }
        catch
        {
            File.Delete(full);
            throw;
        }
    }

    public Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var staged = Full(stagedPath);
        var target = Full(path);
        var folder = Path.GetDirectoryName(target)!;
        MakeFolder(folder);
        if (OperatingSystem.IsWindows()) return Task.FromResult(TryMove(staged, target));
        var done = Posix.TryCommit(staged, target);

        // Even when another file was first: a caller that is told so relies on that file.
        Posix.SyncFolder(folder);
        if (done) File.Delete(staged);
        return Task.FromResult(done);
    }

    public Task SettleAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = Path.GetDirectoryName(Full(path))!;
        if (!OperatingSystem.IsWindows() && Directory.Exists(folder)) Posix.SyncFolder(folder);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var full = Full(path);
        if (Directory.Exists(Path.GetDirectoryName(full))) File.Delete(full);
        return Task.CompletedTask;
    }

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var full = Full(folder);
        if (Directory.Exists(full)) Directory.Delete(full, recursive: true);
        _durable.Clear();
        return Task.CompletedTask;
    }

    private static bool TryMove(string staged, string target)
    {
        try
        {
            File.Move(staged, target, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(target) && File.Exists(staged))
        {
            return false;
        }
    }

    private void MakeFolder(string folder)
    {
        if (folder == _root)
        {
            DurableFolder.Make(folder);
            return;
        }

        if (_durable.ContainsKey(folder) && Directory.Exists(folder)) return;
        MakeFolder(Path.GetDirectoryName(folder)!);
        DurableFolder.MakeInParent(folder);
        _durable[folder] = true;
    }

    private string Full(string path) => Path.Combine(_root, LakeName.Checked(path));
}

/// <summary>Makes folders that survive a power failure: a folder's name is durable only once its parent has been synced.</summary>
public static class DurableFolder
{
    /// <summary>Creates a folder and its missing parents; all of their names are durable when this returns.</summary>
    /// <exception cref="IOException">It can't be created, or its parent can't be synced.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not create it.</exception>
    public static void Make(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder)) return;
        if (Path.GetDirectoryName(folder) is { } parent) Make(parent);
        MakeInParent(folder);
    }

    /// <summary>Creates a folder unless it exists, and makes its name durable even if somebody else has just created it.</summary>
    internal static void MakeInParent(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows() && Path.GetDirectoryName(folder) is { } parent) Posix.SyncFolder(parent);
    }
}
