namespace Banking.Tests;

/// <summary>Copies of folders, taken while somebody may still work there.</summary>
internal static class FolderCopy
{
    /// <summary>Copies a file, or a folder with all that is in it. What goes between the look and the copy is passed over.</summary>
    public static void Make(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.CreateDirectory(to);
            foreach (var entry in Directory.GetFileSystemEntries(from)) Make(entry, Path.Combine(to, Path.GetFileName(entry)));
            return;
        }

        try
        {
            File.Copy(from, to);
        }
        catch (IOException) when (!File.Exists(from))
        {
            // As cp and rsync do.
        }
    }

    /// <summary>Makes a folder's folders what they were when the copy was taken.</summary>
    public static void PutBack(string copy, string folder)
    {
        foreach (var inside in Directory.EnumerateDirectories(folder)) Directory.Delete(inside, recursive: true);
        Make(copy, folder);
    }
}
