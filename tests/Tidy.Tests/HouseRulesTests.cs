using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Banking.Tidy.Tests;

/// <summary>House rules that neither compiler nor formatter hold.</summary>
public sealed partial class HouseRulesTests
{
    private const int MaxLines = 300;
    private const int MaxColumns = 140;
    private const int UsualLines = 150;

    /// <summary>What each room may refer to (docs/architecture.md).</summary>
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Grains.Interfaces"],
        ["Streaming"] = [],
        ["Streaming.Kafka"] = ["Streaming"],
        ["Streaming.Sqlite"] = ["Streaming"],
        ["Storage"] = [],
        ["Storage.Postgres"] = ["Storage"],
        ["Storage.Sqlite"] = ["Storage"],
        ["Lake"] = ["Grains.Interfaces"],
        ["Lake.Hdfs"] = ["Lake"],
        ["Lake.Hive"] = ["Lake"],
        ["Sink"] = ["Grains.Interfaces", "Lake", "Lake.Hdfs", "Lake.Hive", "Streaming"],
        ["Tls"] = [],
        ["Client"] = ["Grains.Interfaces", "Tls"],
        ["Silo"] =
        [
            "Grains", "Grains.Interfaces", "Sink", "Storage", "Storage.Postgres", "Storage.Sqlite", "Streaming", "Streaming.Kafka",
            "Streaming.Sqlite", "Tls",
        ],
    };

    [Fact]
    public void SourceFile_Always_HasAtMost300Lines() =>
        Assert.Empty(Repository.Files("*.cs").Where(f => File.ReadLines(f).Count() > MaxLines).Select(Repository.Name));

    /// <summary>But for literals of several quotes, which end where they end.</summary>
    [Fact]
    public void Line_Always_HasAtMost140Columns() => Assert.Empty(
        from file in Repository.Files("*.cs")
        from line in File.ReadLines(file).Index()
        where line.Item.Length > MaxColumns && !line.Item.Contains("\"\"\"", StringComparison.Ordinal)
        select $"{Repository.Name(file)}:{line.Index + 1}");

    [Fact]
    public void SourceFiles_Mostly_HaveUnder150Lines()
    {
        var files = Repository.Files("*.cs").ToList();

        Assert.True(files.Count(f => File.ReadLines(f).Count() > UsualLines) < files.Count / 5);
    }

    [Fact]
    public void Room_Always_KnowsOnlyWhatItMay()
    {
        foreach (var (room, allowed) in Rooms)
        {
            var project = XDocument.Load(Path.Combine(Repository.Root, room, room + ".csproj"));
            var known = project.Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            Assert.Equal(allowed.Order(), known.Order());
        }
    }

    [Fact]
    public void Room_WithATestProject_ForEach() =>
        Assert.All(
            Rooms.Keys.Where(r => r != "Grains.Interfaces"),
            r => Assert.True(Directory.Exists(Path.Combine(Repository.Root, "tests", TestsOf(r) + ".Tests")), r));

    [Fact]
    public void TypeName_Never_SaysNothing() =>
        Assert.Empty(
            Repository.Files("*.cs").SelectMany(
                f => EmptyNames().Matches(File.ReadAllText(f)).Select(m => $"{Repository.Name(f)}: {m.Groups["name"].Value}")));

    [Fact]
    public void Folder_Never_IsCalledAfterAKind()
    {
        string[] kinds = ["Common", "Shared", "Core", "Utils", "Helpers", "Models", "Managers"];

        Assert.DoesNotContain(Repository.Files("*.cs").Select(Repository.Name), f => f.Split('/').Any(kinds.Contains));
    }

    [Fact]
    public void SourceFile_Never_HasALooseEnd() =>
        Assert.Empty(Repository.Files("*.cs").Where(f => LooseEnds().IsMatch(File.ReadAllText(f))).Select(Repository.Name));

    /// <summary>Options are bound, validated and given out by the container.</summary>
    [Fact]
    public void Options_OutsideTests_AreNeverMadeByHand() => Assert.Empty(
        Repository.Files("*.cs")
            .Where(f => Rooms.Keys.Any(room => Repository.Name(f).StartsWith(room + "/", StringComparison.Ordinal)))
            .Where(f => HandMadeOptions().IsMatch(File.ReadAllText(f)))
            .Select(Repository.Name));

    [Fact]
    public void PackageVersion_Always_StandsInOnePlace() => Assert.Empty(Repository.Files("*.csproj").Where(f =>
        XDocument.Load(f).Descendants("PackageReference").Any(p => p.Attribute("Version") is not null)).Select(Repository.Name));

    [Fact]
    public void Project_Always_HasALockFileAndIsInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Banking.Orleans.sln"));
        foreach (var project in Repository.Files("*.csproj"))
        {
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), Repository.Name(project));
            Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal);
        }
    }

    // What databases, logs and stores must do is one contract each, beside what they have in common. The lake is tested through the sink
    // that writes it.
    private static string TestsOf(string room) => room switch
    {
        "Storage.Postgres" or "Storage.Sqlite" => "Storage",
        "Streaming.Sqlite" => "Streaming",
        "Lake" or "Lake.Hdfs" or "Lake.Hive" => "Sink",
        _ => room,
    };

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(?<name>\w+(Manager|Helper|Processor|Impl|Data|Info|Utils))\b")]
    private static partial Regex EmptyNames();

    [GeneratedRegex(@"\bOptions\.Create\(|\bOptionsWrapper<")]
    private static partial Regex HandMadeOptions();

    [GeneratedRegex("""//\s*(TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b""")]
    private static partial Regex LooseEnds();
}
