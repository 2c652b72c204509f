using System.Net;
using System.Net.Http.Headers;
using Banking.Callers;
using Banking.Client;
using Banking.Client.Terminals;
using Banking.Silo.Hosting;
using Banking.Silo.Tests;

namespace Banking.Auth.Tests;

/// <summary>
/// The command line at a bank that asks who calls. It does what the README does in the blocks "ask who calls" and "call with a token".
/// </summary>
public sealed class KeyCommandsTests(AskingSilo silo) : IClassFixture<AskingSilo>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("banking-keys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Keys_WhenMadeListedAndRevoked_ThenTheyAreGoodForAsLong()
    {
        var (made, key, _) = await Run(silo.Bootstrap, "keys", "create", "--role", "server", "--name", "match 9", "--expires", "24h");
        var id = key.Split('_')[1];

        Assert.Equal((0, HttpStatusCode.OK), (made, (await silo.Send(HttpMethod.Get, "/v1/assets", key)).Status));
        Assert.Contains($"{id}  server  match 9", (await Run(silo.Bootstrap, "keys", "list")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Run(silo.Bootstrap, "keys", "revoke", id)).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Send(HttpMethod.Get, "/v1/assets", key)).Status);
        var (again, _, sentence) = await Run(silo.Bootstrap, "keys", "revoke", id);
        Assert.Equal((1, "There is no such key."), (again, sentence));
    }

    [Fact]
    public async Task Command_WhenTheKeyIsInAFile_ThenItIsTakenFromThere()
    {
        var file = Path.Combine(_folder.FullName, "key");
        await File.WriteAllTextAsync(file, silo.Bootstrap + Environment.NewLine, TestContext.Current.CancellationToken);

        Assert.Equal(0, (await Run("bk_wrong", "repair", "--key-file", file)).Code);
        Assert.Equal(0, (await Run(null, "keys", "list", "--key-file", file)).Code);
    }

    [Theory]
    [InlineData("keys", "list")]
    [InlineData("repair")]
    [InlineData("compact")]
    [InlineData("load", "--accounts", "1", "--actions", "5", "--connections", "1")]
    public async Task Command_WhenThereIsNoKey_ThenSaysWhatIsMissing(params string[] command)
    {
        var (code, _, sentence) = await Run(null, command);

        Assert.True(code == 1, sentence);
        Assert.DoesNotContain("   at ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenTheKeyIsAServers_ThenEverythingIsAnsweredAsExpected()
    {
        var (_, key, _) = await Run(silo.Bootstrap, "keys", "create", "--role", "server", "--name", "load");

        var (code, _, sentence) = await Run(key, "load", "--accounts", "5", "--actions", "300", "--connections", "4");

        Assert.True(code == 0, sentence);
    }

    [Fact]
    public void Readme_WhenItAsksWhoCalls_ThenItsCommandsAndSettingsAreKnown()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Banking.Orleans.sln"))) folder = folder.Parent!;
        var lines = File.ReadAllLines(Path.Combine(folder.FullName, "README.md"));
        var block = lines.SkipWhile(line => line != "# ask who calls")
            .TakeWhile(line => !line.StartsWith("Accounts then", StringComparison.Ordinal));
        var commands = block.Where(line => line.StartsWith("dotnet run --project Client -- ", StringComparison.Ordinal)).ToList();

        Assert.Equal(4, commands.Count);
        Assert.All(commands, line =>
        {
            var arguments = line.Split(" -- ")[1].Split(" > ")[0].Split(' ');
            var terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, false, false, TimeProvider.System);
            Assert.Empty(BankingCommand.Create(terminal).Parse(arguments).Errors);
        });
    }

    [Fact]
    public async Task Accounts_WhenAssigned_ThenTheyAreTheOwners()
    {
        var id = await silo.Open(await silo.Provider.TokenOf("alice"));

        var (code, _, _) = await Run(
            silo.Bootstrap, "accounts", "assign", id, "--issuer", silo.Provider.Authority, "--subject", "bob");

        Assert.Equal(0, code);
        Assert.Equal(
            HttpStatusCode.OK, (await silo.Send(HttpMethod.Get, $"/v1/accounts/{id}", await silo.Provider.TokenOf("bob"))).Status);
    }

    [Fact]
    public async Task Tokens_WhenMadeForTrying_ThenABankWithTheirKeysTakesThem()
    {
        var signing = Path.Combine(_folder.FullName, "try.pem");
        var (_, token, _) = await Run(null, "tokens", "make", "--subject", "olga", "--role", "operator", "--signing-key", signing);
        await using var app = BankingApplication.Create(
        [
            .. SiloFixture.Arguments(Path.Combine(_folder.FullName, "data")),
            "--Banking:Auth:Authority", "http://localhost",
            "--Banking:Auth:Audience", "banking",
            "--Banking:Auth:Jwks", signing + ".jwks",
        ]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var (_, second, _) = await Run(null, "tokens", "make", "--subject", "ann", "--role", "player", "--signing-key", signing);

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await Eventually.True(async () => (await http.GetAsync("/v1/ledgers")).StatusCode == HttpStatusCode.OK);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", second);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/v1/ledgers", TestContext.Current.CancellationToken)).StatusCode);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Keys_WhenNew_ThenTheHashIsTheKeys()
    {
        var lines = (await Run(null, "keys", "new")).Out.Split(Environment.NewLine);

        Assert.Equal(KeyText.HashOf(lines[0]), lines[1]);
        Assert.NotNull(KeyText.IdOf(lines[0]));
    }

    private async Task<(int Code, string Out, string Error)> Run(string? key, params string[] command)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(TextReader.Null, output, error, false, false, TimeProvider.System)
        {
            Variable = name => name == "Banking__Auth__Key" ? key : null,
        };
        var isLocal = command is ["tokens", ..] or ["keys", "new"];
        var code = await BankingCommand.RunAsync(isLocal ? command : [.. command, "--url", silo.Http.BaseAddress!.ToString()], terminal);
        return (code, output.ToString().Trim(), error.ToString().Trim());
    }
}
