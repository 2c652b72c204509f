using DuckDB.NET.Data;

namespace Banking.Simulations.Tests.Documents;

/// <summary>A reader who types every command of the documents that needs nothing but the .NET SDK, from the first to the last.</summary>
public sealed class TourTests : IDisposable
{
    private readonly DocumentShell _shell = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Lake => Path.Combine(_shell.Folder, "data", "lake");

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Commands_WithoutServers_DoAsTheDocumentsSay()
    {
        DocumentSilo? silo = null;
        try
        {
            foreach (var block in Document.Blocks.Where(block => CommandPlaces.IsRunInTours(block) && !CommandPlaces.NeedsServers(block)))
            {
                if (block.StartsSilo) silo = await DocumentSilo.Start(_shell, block, Token);
                else if (block.IsCommand) Check(block, await _shell.Run(block, Token));
                else if (block.Kind == "sql" && block.Head.Contains("DuckDB", StringComparison.Ordinal)) await Ask(block);
            }

            AskItsOwnClient();
            await silo!.Stop(Token);
        }
        finally
        {
            if (silo is not null) await silo.DisposeAsync();
        }

        await _shell.Run(Document.Block("uninstall: what is embedded"), Token);
        Assert.False(Directory.Exists(Path.Combine(_shell.Folder, "data")));
        Assert.Empty(_shell.LeftElsewhere);
    }

    private static void Check(DocumentBlock block, string output)
    {
        if (block.Text.Contains("-- statement tpeters", StringComparison.Ordinal))
        {
            Assert.Matches(@"^tpeters: 4 events(?s:.*) buy asset 10 stock_a (?s:.*)█(?s:.*)\n", output);
            Assert.Matches(@"\nNow: \d+\.\d\d in cash, 10 stock_a\n$", output);
        }

        if (block.Text.Contains("-- verify", StringComparison.Ordinal)) Assert.Contains("All is well", output, StringComparison.Ordinal);
    }

    private async Task Ask(DocumentBlock block)
    {
        foreach (var sql in block.Statements)
        {
            var today = TimeProvider.System.GetUtcNow().Date;
            var answer = await ClientCommand.Run("query", "--lake", Lake, "--format", "csv", sql);
            Assert.True(answer.ExitCode == 0, $"{block.Place}: {sql}\n{answer.Error}");
            // It shows something to a reader of the same day.
            var finds = answer.Out.Count('\n') > 1 || today != TimeProvider.System.GetUtcNow().Date;
            Assert.True(finds, $"{block.Place}: {sql}\nfinds nothing.");
        }
    }

    private void AskItsOwnClient()
    {
        var block = Document.Blocks.Single(block => CommandPlaces.Begins(block, "-- DuckDB's own client"));
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Assert.Single(block.Statements).Replace("'data/lake/", $"'{Lake}/", StringComparison.Ordinal);
        Assert.True((long)command.ExecuteScalar()! > 0);
    }
}
