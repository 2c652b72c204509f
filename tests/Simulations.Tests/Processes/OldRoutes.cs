using System.Text;

namespace Banking.Simulations.Tests.Processes;

/// <summary>A known script of requests to the old pipeline's routes, accepted ones and refused ones, that ends with a flush.</summary>
internal static class OldRoutes
{
    public static async Task Play(string url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        (string Path, string? Body, int Times)[] script =
        [
            ("/", null, 1),
            ("/return_price", null, 3),
            ("/return_asset_price/stock_a", null, 4),
            ("/return_asset_price/no_such_asset/", null, 1),
            ("/return_account_info/nobody", null, 1),
            ("/open_account/", """{"user_id":"tpeters","full_name":"Tim Peters"}""", 2),
            ("/open_account", """{"user_id":"jdoe","full_name":"Jane Doe"}""", 1),
            ("/deposit/", """{"user_id":"tpeters","amount":"500"}""", 1),
            ("/deposit", """{"user_id":"tpeters","amount":12.5}""", 1),
            ("/deposit/", """{"user_id":"jdoe","amount":0.01}""", 1),
            ("/withdraw/", """{"user_id":"tpeters","amount":20}""", 2),
            ("/withdraw/", """{"user_id":"jdoe","amount":20}""", 1),
            ("/buy_asset/", """{"user_id":"tpeters","number_of":"10","asset_name":"stock_a"}""", 2),
            ("/buy_asset/", """{"user_id":"tpeters","number_of":1,"asset_name":"bond_a"}""", 1),
            ("/buy_asset/", """{"user_id":"jdoe","number_of":1,"asset_name":"bond_a"}""", 1),
            ("/sell_asset/", """{"user_id":"tpeters","number_of":5,"asset_name":"stock_a"}""", 1),
            ("/sell_asset/", """{"user_id":"tpeters","number_of":5000,"asset_name":"stock_a"}""", 1),
            ("/return_account_info/tpeters/", null, 2),
            ("/delete_account/", """{"user_id":"jdoe","full_name":"somebody else"}""", 1),
            ("/delete_account/", """{"user_id":"jdoe","full_name":"Jane Doe"}""", 1),
            ("/v1/lake/flush", "", 1),
        ];
        foreach (var (path, json, times) in script)
        {
            for (var i = 0; i < times; i++)
            {
                using var body = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
                using var answer = body is null ? await http.GetAsync(path, cancellationToken) : await http.PostAsync(path, body, cancellationToken);
                Assert.True((int)answer.StatusCode < 500, path);
            }
        }
    }
}
