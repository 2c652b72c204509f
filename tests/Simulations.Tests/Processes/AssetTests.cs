using System.Globalization;

namespace Banking.Simulations.Tests.Processes;

/// <summary>What an operator does to the market from the command line, and what the next start makes of it.</summary>
public sealed class AssetTests : IDisposable
{
    private const string Order = """{"user_id":"ann","number_of":"1","asset_name":"bond_a"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = SiloProcess.FreePort();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Asset_WhenAnOperatorChangesHaltsAndDelistsIt_ThenThatHoldsAndTheNextStartSaysWhereSettingsDiffer()
    {
        using var http = new HttpClient();
        await using (var silo = await SiloProcess.Start(_folder.Path, _port, Token))
        {
            await Post(http, silo, "/open_account/", """{"user_id":"ann","full_name":"Ann Example"}""");
            await Post(http, silo, "/deposit/", """{"user_id":"ann","amount":"100"}""");
            var bought = await Post(http, silo, "/buy_asset/", """{"user_id":"ann","number_of":"2","asset_name":"bond_a"}""");
            Assert.Equal("Asset purchased!\n", bought);

            var changed = await Run(silo, "set", "stock_a", "--base-price", "7", "--yearly-growth", "0", "--max-order", "50");
            const string Definition = "7.00 now; 7.00 on 2020-01-01, yearly growth 0, at most 50 an order\n";
            Assert.Equal((0, "stock_a: stock, open, " + Definition), changed);
            Assert.Equal((0, "stock_a: stock, halted, " + Definition), await Run(silo, "halt", "stock_a"));
            Assert.Equal(0, (await Run(silo, "reopen", "stock_a")).ExitCode);
            Assert.Contains("bond_a: bond, delisted", (await Run(silo, "delist", "bond_a")).Output, StringComparison.Ordinal);
            Assert.Equal(0, (await Run(silo, "set", "gold", "--type", "metal", "--base-price", "60")).ExitCode);

            Assert.Equal((1, "The asset bond_a is not listed.\n"), await Run(silo, "halt", "bond_a"));
            var vague = await Run(silo, "set", "silver", "--yearly-growth", "1");
            Assert.StartsWith("silver is not listed: a new asset needs --type", vague.Output, StringComparison.Ordinal);
            var free = await Run(silo, "set", "gold", "--base-price", "0");
            Assert.Matches("^The base price of gold must be above 0, at most [0-9.]+, with up to 6 decimal places[.]\n$", free.Output);
            Assert.Equal(0, await silo.Stop(Token));
        }

        await using (var silo = await SiloProcess.Start(_folder.Path, _port, Token))
        {
            var listed = (await Run(silo, "list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(["stock_a", "cash", "gold"], listed.Select(line => line.Split(':')[0]));

            // Who holds some still sees what it is worth, and can't trade it.
            Assert.Contains("bond_a", await http.GetStringAsync($"{silo.Url}/return_account_info/ann", Token), StringComparison.Ordinal);
            Assert.NotEqual("Asset sold!\n", await Post(http, silo, "/sell_asset/", Order));
            await Eventually.True(
                () => silo.Output.Contains("bond_a is in the settings, and an operator has delisted it", StringComparison.Ordinal),
                "the start compares");
            Assert.Contains(
                "The asset stock_a is not as the settings have it, and storage has the last word: "
                    + "BasePrice is 7, not 5; YearlyGrowth is 0, not 0.1; MaxOrderQuantity is 50, not nothing.",
                silo.Output,
                StringComparison.Ordinal);

            await Run(silo, "set", "bond_a", "--base-date", "2021-01-01");
            await Eventually.True(async () => await Post(http, silo, "/sell_asset/", Order) == "Asset sold!\n", "it is sold");
        }
    }

    private static Task<(int ExitCode, string Output)> Run(SiloProcess silo, params string[] arguments)
    {
        var gateway = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{silo.GatewayPort}");
        return ClientProcess.Run(Token, ["asset", .. arguments, "--gateway", gateway]);
    }

    private static async Task<string> Post(HttpClient http, SiloProcess silo, string path, string json)
    {
        using var content = new StringContent(json);
        using var answer = await http.PostAsync(silo.Url + path, content, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }
}
