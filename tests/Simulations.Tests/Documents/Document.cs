using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Banking.Simulations.Tests.Documents;

/// <summary>README.md and docs/*.md, as blocks of commands in the order in which they are read.</summary>
internal static partial class Document
{
    public static string Root { get; } = FindRoot();

    public static ImmutableArray<DocumentBlock> Blocks { get; } = [.. Files().SelectMany(Read)];

    /// <summary>The block of commands that begins with a comment.</summary>
    public static DocumentBlock Block(string title) =>
        Blocks.Single(block => block.Text.StartsWith($"# {title}\n", StringComparison.Ordinal));

    private static IEnumerable<string> Files() =>
        [Path.Combine(Root, "README.md"), .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Order(StringComparer.Ordinal)];

    private static IEnumerable<DocumentBlock> Read(string file)
    {
        var text = File.ReadAllText(file);
        foreach (Match match in Commands().Matches(text))
        {
            var line = text.AsSpan(0, match.Index).Count('\n') + 1;
            var fenced = match.Groups["kind"].Success;
            var kind = fenced ? match.Groups["kind"].Value : DocumentBlock.Inline;
            var content = fenced ? match.Groups["block"].Value : match.Groups["inline"].Value.ReplaceLineEndings(" ");
            if (fenced || Program().IsMatch(content)) yield return new DocumentBlock($"{Path.GetFileName(file)}:{line}", kind, content);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Banking.Orleans.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    // Fences first, so that what is in them is not text with words in backticks.
    [GeneratedRegex("^```(?<kind>.*)\n(?<block>(?s:.*?))^```$|`(?<inline>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Commands();

    // With an argument: the bare name of a program is not a command.
    [GeneratedRegex(@"^(\w+=('[^']*'|\S+) )*(\S+/)?(cat|curl|deploy/local|docker|dotnet|dotnet-counters|duckdb|hdfs|kafka-[\w-]+|"
        + @"kcat|nswag|openssl|perf|pg_dump|pg_restore|presto|psql|systemctl) \S")]
    private static partial Regex Program();
}

/// <param name="Place">File and line.</param>
/// <param name="Kind">The word behind the fence, or <see cref="Inline"/>.</param>
internal sealed record DocumentBlock(string Place, string Kind, string Text)
{
    /// <summary>A command in the midst of a sentence.</summary>
    public const string Inline = "inline";

    public bool IsCommand => Kind is "sh" or Inline;

    /// <summary>Its first line.</summary>
    public string Head => Text.Split('\n')[0];

    public bool StartsSilo => IsCommand && (Has("--project Silo") || Has("deploy/local")) && !Has("--help");

    /// <summary>SQL without its comments, a statement each.</summary>
    public IEnumerable<string> Statements =>
        string.Join('\n', Text.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)))
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public override string ToString() => $"{Place}: {Head}";

    private bool Has(string text) => Text.Contains(text, StringComparison.Ordinal);
}
