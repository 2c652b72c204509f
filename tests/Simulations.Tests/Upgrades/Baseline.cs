using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Banking.Simulations.Tests.Documents;
using Banking.Simulations.Tests.Processes;

namespace Banking.Simulations.Tests.Upgrades;

/// <summary>A bank as an earlier build left it, in a folder below Baseline; the script <c>make</c> there says how it came about.</summary>
internal sealed class Baseline(string name)
{
    public const string Data = "data";
    public const string PostgreSql = "postgresql";
    public const string Kafka = "kafka";

    private static readonly string Root = Path.Combine(Document.Root, "tests", "Simulations.Tests", "Upgrades", "Baseline");

    /// <summary>The commit of the build.</summary>
    public static string Commit { get; } = File.ReadAllText(Path.Combine(Root, "commit")).Trim();

    /// <summary>Counts the rows of the days before the bank's last one.</summary>
    public static string RowsQuery { get; } = File.ReadAllText(Path.Combine(Root, "rows.sql"));

    /// <summary>What was asked before the build ended, in that order, and what it answered.</summary>
    public IReadOnlyList<KeptRequest> Requests { get; } =
    [
        .. File.ReadLines(Path.Combine(Root, name, "requests.jsonl"))
            .Select(line => JsonSerializer.Deserialize<KeptRequest>(line, JsonSerializerOptions.Web)!),
    ];

    /// <summary>Its last word about all accounts; as <see cref="Bank.Ledgers"/>.</summary>
    public string Books { get; } = Read(name);

    public string PathOf(string file) => Path.Combine(Root, name, file);

    /// <summary>Lays the data folder out.</summary>
    public async Task Unpack(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var file = File.OpenRead(PathOf("folder.tar.gz"));
        await using var archive = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(archive, folder, overwriteFiles: false, cancellationToken);
    }

    /// <summary>Asks everything once more: each answer is the one of that time, and nothing is done twice.</summary>
    /// <param name="doneOnly">Without refusals: of those only storage knows.</param>
    public async Task RequireAnswers(SiloProcess silo, bool doneOnly, CancellationToken cancellationToken)
    {
        foreach (var request in Requests.Where(request => !doneOnly || request.Status is 200 or 201))
        {
            var (status, text) = await Bank.Send(
                silo, new HttpMethod(request.Method), request.Path, request.Body, request.Key, cancellationToken);
            Assert.Equal((request.Key, request.Status, request.Reply), (request.Key, (int)status, text));
        }

        Assert.Equal(Books, await Bank.Ledgers(silo, cancellationToken));
    }

    /// <summary>The number that the account's next event has.</summary>
    public long NextNumber(string account)
    {
        using var page = JsonDocument.Parse(File.ReadAllText(PathOf("books.json")));
        return 1 + page.RootElement.GetProperty("ledgers").EnumerateArray()
            .Single(ledger => ledger.GetProperty("account_id").GetString() == account).GetProperty("sequence_number").GetInt64();
    }

    private static string Read(string name)
    {
        using var page = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, name, "books.json")));
        var books = new StringBuilder();
        Bank.AppendLedgers(books, page.RootElement);
        return books.ToString();
    }
}

/// <param name="Body">Empty if it had none.</param>
/// <param name="Key">Of idempotency.</param>
internal sealed record KeptRequest(string Method, string Path, string Body, string Key, int Status, string Reply);
