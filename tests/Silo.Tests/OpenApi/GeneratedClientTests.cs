using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace Banking.Silo.Tests.OpenApi;

/// <summary>A client that NSwag makes of the served document, and nobody touched, plays.</summary>
public sealed class GeneratedClientTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Session = """
        using System.Linq;
        using System.Net.Http;
        using System.Threading.Tasks;
        using Game;

        public static class Session
        {
            public static async Task<string> Play(HttpClient http, string id)
            {
                var bank = new BankClient(http);
                var opened = await bank.OpenAccountAsync(null, new OpenAccountRequest { Account_id = id, Full_name = "Zoë Łódź" });
                var paid = await bank.DepositAsync(id, "k1", new MoneyRequest { Amount = 1000.01m });
                var again = await bank.DepositAsync(id, "k1", new MoneyRequest { Amount = 1000.01m });
                await bank.WithdrawAsync(id, null, new MoneyRequest { Amount = 0.01m });
                await bank.BuyAsync(id, null, new OrderRequest { Asset_name = "stock_a", Quantity = 3, Limit_price = 1000m });
                var sold = await bank.SellAsync(id, null, new OrderRequest { Asset_name = "stock_a", Quantity = 1 });
                var account = await bank.GetAccountAsync(id);
                var ledger = await bank.GetLedgerAsync(id);
                var page = await bank.ListLedgersAsync(null, 1000);
                var assets = await bank.ListAssetsAsync();
                var asset = await bank.GetAssetAsync("stock_a");
                await bank.FlushLakeAsync();
                var refused = "";
                try
                {
                    await bank.WithdrawAsync(id, null, new MoneyRequest { Amount = 1000000m });
                }
                catch (ApiException<ProblemReply> e)
                {
                    refused = e.StatusCode + " " + e.Result.Code;
                }

                var deleted = await bank.DeleteAccountAsync(id, null, "Zoë Łódź");
                var books = 0;
                foreach (var one in page.Ledgers) books += one.Account_id == id ? 1 : 0;
                object[] seen =
                [
                    opened.Code, paid.Cash_balance, again.Sequence_number, sold.Unit_price > 0, account.Full_name, account.Holdings.Count,
                    ledger.Positions["stock_a"], books, assets.Count, asset.Tradable, refused, deleted.Sequence_number,
                ];
                return string.Join(
                    ' ', seen.Select(one => System.Convert.ToString(one, System.Globalization.CultureInfo.InvariantCulture)));
            }
        }
        """;

    [Fact]
    public async Task Client_MadeByNSwag_PlaysASession()
    {
        var served = await silo.Http.GetStringAsync("/openapi/v1.json", Token);
        var document = await OpenApiDocument.FromJsonAsync(served, Token);
        var settings = new CSharpClientGeneratorSettings { ClassName = "BankClient", UseBaseUrl = false };
        settings.CSharpGeneratorSettings.Namespace = "Game";
        settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.SystemTextJson;
        var play = Compile(new CSharpClientGenerator(document, settings).GenerateFile(), Session).GetType("Session")!.GetMethod("Play")!;
        var id = "gen" + Guid.NewGuid().ToString("N");

        var seen = await (Task<string>)play.Invoke(null, [silo.Http, id])!;

        Assert.Equal("Done 1000.01 2 True Zoë Łódź 2 2 1 3 True 409 Cash_short 6", seen);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Assembly Compile(params string[] sources)
    {
        var platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var references = platform.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary);
        var compilation = CSharpCompilation.Create(
            "Game", sources.Select(source => CSharpSyntaxTree.ParseText(source)), references, options);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(image);
    }
}
