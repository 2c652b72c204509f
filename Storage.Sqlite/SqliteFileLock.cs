namespace Banking.Storage.Sqlite;

/// <summary>
/// One silo's claim to a database: a file beside it, which the silo holds open exclusively. The operating system releases it with the
/// process, so a crash leaves no claim behind; the file's mere existence means nothing.
/// </summary>
internal sealed class SqliteFileLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="StorageOpenException">Another silo holds the database.</exception>
    public SqliteFileLock(string path)
    {
        try
        {
            _file = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (UnauthorizedAccessException reason)
        {
            throw new StorageOpenException($"The grain storage '{path}' can't be used: no right to write '{path}.lock'.", reason);
        }
        catch (DirectoryNotFoundException reason)
        {
            throw new StorageOpenException($"The grain storage '{path}' can't be used: its folder is missing.", reason);
        }
        catch (IOException reason)
        {
            throw new StorageOpenException(
                $"The grain storage '{path}' is in use by another silo, or can't be locked: {reason.Message}", reason);
        }
    }

    public void Dispose() => _file.Dispose();
}
