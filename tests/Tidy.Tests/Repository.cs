namespace Banking.Tidy.Tests;

/// <summary>The sources, found from where the tests were built.</summary>
internal static class Repository
{
    private const string Generated = "Generated";
    private static readonly string[] Built = ["bin", "obj", ".git"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files that people write.</summary>
    public static IEnumerable<string> Files(string pattern) => All(pattern).Where(f => !FoldersOf(f).Contains(Generated));

    /// <summary>Files that a compiler wrote and that are kept here all the same.</summary>
    public static IEnumerable<string> GeneratedFiles(string pattern) => All(pattern).Where(f => FoldersOf(f).Contains(Generated));

    public static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static IEnumerable<string> All(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories).Where(f => !FoldersOf(f).Any(Built.Contains));

    private static string[] FoldersOf(string file) => Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Banking.Orleans.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The solution is not above the tests.");
    }
}
