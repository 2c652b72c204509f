using System.Globalization;
using System.Text;
using Banking.Lake.Store;

namespace Banking.Silo.Starting;

/// <summary>
/// The folder of the embedded parts, held by one process at a time. The lock is the operating system's: it ends with the process, however
/// that ends.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>Incremented when a version of the program lays out the folder in a way that older ones can't read.</summary>
    private const int Format = 1;
    private const string LockFile = ".lock";
    private const string FormatFile = "format";

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>The absolute path of the folder.</summary>
    public string Path { get; }

    public string StorageFile => System.IO.Path.Combine(Path, "storage.db");

    public string LogFile => System.IO.Path.Combine(Path, "log.db");

    public string LakeFolder => System.IO.Path.Combine(Path, "lake");

    /// <summary>The paths in the folder, for a silo that keeps nothing there: the folder is neither taken nor created.</summary>
    public static DataDirectory Unused(string path) => new(FullPath(path), heldLock: null);

    /// <summary>Takes the folder for this process; creates it if it does not exist.</summary>
    /// <exception cref="StartException">It is in use, can't be written, or belongs to a newer version.</exception>
    public static DataDirectory Open(string path)
    {
        path = FullPath(path);
        FileStream? heldLock = null;
        try
        {
            DurableFolder.Make(path);
            heldLock = Lock(path);
            CheckFormat(path);
            return new DataDirectory(path, heldLock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            heldLock?.Dispose();
            throw new StartException($"The data folder {path} can't be written: {e.Message}", e);
        }
        catch
        {
            heldLock?.Dispose();
            throw;
        }
    }

    /// <summary>Creates the lake's folder if it does not exist, and checks that it can hold a lake.</summary>
    /// <exception cref="StartException">It can't be written.</exception>
    public static void CheckLake(string path)
    {
        try
        {
            LakeProbe.Run(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException($"The lake folder {path} can't be written: {e.Message}", e);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static string FullPath(string path)
    {
        try
        {
            return System.IO.Path.GetFullPath(path);
        }
        catch (ArgumentException e)
        {
            throw new StartException($"Banking:DataDirectory names no folder: {e.Message}", e);
        }
    }

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, LockFile);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(file) && !IsReadOnly(e))
        {
            throw new StartException($"The data folder {path} is in use by another silo.", e);
        }
    }

    // EROFS and ENOSPC as .NET reports them on Unix; a held lock is EWOULDBLOCK.
    private static bool IsReadOnly(IOException e) => e.HResult is 30 or 28;

    private static void CheckFormat(string path)
    {
        var file = System.IO.Path.Combine(path, FormatFile);
        if (!File.Exists(file))
        {
            var made = file + ".new";
            using (var stream = new FileStream(made, FileMode.Create, FileAccess.Write))
            {
                stream.Write(Encoding.ASCII.GetBytes(Format.ToString(CultureInfo.InvariantCulture)));
                stream.Flush(flushToDisk: true);
            }

            File.Move(made, file, overwrite: true);
            return;
        }

        var text = File.ReadAllText(file).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var format) || format < 1)
            throw new StartException($"{file} should hold a format number and holds '{text[..Math.Min(text.Length, 20)]}'.");
        if (format > Format)
            throw new StartException($"The data folder {path} was written by a newer version (format {format}; this one knows {Format}).");
    }
}
