using System.Globalization;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>Folders for copies, by their numbers; they are made when they are asked for.</summary>
internal sealed class CopyFolders(string root)
{
    public string this[int copy] =>
        Directory.CreateDirectory(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"copy-{copy}"))).FullName;

    /// <summary>Copies a file, or a folder with all that is in it.</summary>
    public static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.GetFileSystemEntries(from)) Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
    }
}
