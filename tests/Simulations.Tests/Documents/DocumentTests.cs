using Banking.Silo.Settings;
using Microsoft.Extensions.Configuration;

namespace Banking.Simulations.Tests.Documents;

/// <summary>Nothing in the documents that a reader may type goes untried without a reason.</summary>
public sealed class DocumentTests
{
    // Code of other languages is not a command; ini is read by a test below.
    private static readonly string[] Kinds = ["sh", "sql", "ini", "text", "csharp", "python", DocumentBlock.Inline];
    private static readonly string[] Engines = ["-- DuckDB and Presto", "-- DuckDB", "-- Presto"];

    [Fact]
    public void Block_Always_SaysWhatItIs() => Assert.All(Document.Blocks, block => Assert.Contains(block.Kind, Kinds));

    [Fact]
    public void List_Always_NamesBlocksThatAreThere()
    {
        var begins = CommandPlaces.ByOthers.Select(entry => entry.Begin).Concat(CommandPlaces.NotHere.Select(entry => entry.Begin));

        Assert.All(begins, begin => Assert.Contains(Document.Blocks, block => CommandPlaces.Begins(block, begin)));
    }

    [Fact]
    public void List_OfWhatOthersRun_IsOfTestsThatNameTheBlock()
    {
        var tests = Path.Combine(Document.Root, "tests");

        Assert.All(CommandPlaces.ByOthers, entry =>
        {
            var source = Directory.EnumerateFiles(tests, entry.By + ".cs", SearchOption.AllDirectories).Single();
            Assert.Contains(entry.Begin.TrimStart('#', ' '), File.ReadAllText(source), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Sql_Always_SaysForWhichEngineItIs() => Assert.All(
        Document.Blocks.Where(block => block.Kind == "sql" && CommandPlaces.IsRunInTours(block)),
        block => Assert.Contains(block.Head, Engines));

    [Fact]
    public void Settings_OfAMachine_AreKnown()
    {
        var settings = Document.Blocks.Where(block => block.Kind == "ini").ToList();

        Assert.NotEmpty(settings);
        Assert.All(settings, block =>
        {
            var variables = block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
                .ToDictionary(pair => pair[0].Replace("__", ":", StringComparison.Ordinal), pair => (string?)pair[1]);
            using var configuration = new ConfigurationManager();
            configuration.AddInMemoryCollection(variables);
            Assert.NotNull(BankingSettings.Read(configuration));
        });
    }
}
