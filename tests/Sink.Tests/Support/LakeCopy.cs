namespace Banking.Sink.Tests.Support;

/// <summary>
/// A backup of a lake's folder, taken while somebody may still work there: a file that goes between the look and the copy is passed over.
/// </summary>
internal static class LakeCopy
{
    public static void Take(string lake, string copy)
    {
        foreach (var file in Directory.EnumerateFiles(lake, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(lake, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                File.Copy(file, target);
            }
            catch (FileNotFoundException)
            {
                // As cp and rsync do.
            }
        }
    }

    /// <summary>What the lake has now goes.</summary>
    public static void PutBack(string copy, string lake)
    {
        foreach (var folder in Directory.EnumerateDirectories(lake)) Directory.Delete(folder, recursive: true);
        Take(copy, lake);
    }
}
