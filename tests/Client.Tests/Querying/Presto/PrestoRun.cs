using Banking.Client.Engines;
using Banking.Client.Engines.Presto;
using Banking.Client.Terminals;

namespace Banking.Client.Tests.Querying.Presto;

/// <summary>Statements on a Presto without the command around them, those that the command refuses among them.</summary>
internal static class PrestoRun
{
    public static PrestoServer Server(Uri url, string? password = null) =>
        new() { Url = url, User = "tests", Password = password, Catalog = "hive", Schema = "default" };

    /// <summary>Runs a statement that reads, to the end.</summary>
    public static async Task ReadAllAsync(Uri url, string sql, CancellationToken cancellationToken)
    {
        using var engine = new PrestoLake(
            Server(url), new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, false, false, TimeProvider.System), TimeText.Utc);
        await using var result = await engine.RunAsync(sql, cancellationToken);
        while (await result.ReadAsync()) { }
    }

    /// <summary>Runs any statement, to the end.</summary>
    public static async Task ExecuteAsync(Uri url, string sql, CancellationToken cancellationToken)
    {
        using var client = new PrestoClient(Server(url), TimeProvider.System);
        var page = await client.SendAsync(sql, cancellationToken);
        while (page.NextUri is { } next) page = await client.FetchAsync(next, cancellationToken);
        Assert.Null(page.Error?.Sentence());
    }
}

/// <summary>A pipe whose reader leaves after so many lines.</summary>
internal sealed class BrokenPipe(int lines) : StringWriter
{
    private int _left = lines;

    public override void Write(string? value)
    {
        if (value is not null && value.EndsWith('\n') && _left-- == 0) throw new IOException("Broken pipe");
    }
}
