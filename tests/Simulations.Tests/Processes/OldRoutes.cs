using System.Text;

namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// A known script of requests to the old pipeline's routes, accepted ones and refused ones, that ends with a flush; and the queries that
/// it answers.
/// </summary>
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
                using var answer = body is null ? await http.GetAsync(path, cancellationToken) : await http.PostAsync(
                    path, body, cancellationToken);
                Assert.True((int)answer.StatusCode < 500, path);
            }
        }
    }

    /// <summary>The queries that analysts ran on the old pipeline, over what the script left.</summary>
    /// <param name="query">Gives rows, values as text with commas between them, sorted.</param>
    public static async Task AssertQueriesAreAnswered(Func<string, Task<string[]>> query)
    {
        Assert.Equal(["10"], await query("select count(*) from asset_prices"));
        Assert.Equal(
            ["make_deposit,3", "make_withdrawal,2"],
            await query("select event_type, count(event_type) from cash_transactions group by event_type"));
        Assert.Equal(
            ["bond_a 1,1", "stock_a 10,2", "stock_a 5,1"],
            await query("select description, count(description) from asset_transactions group by description"));
        Assert.Equal(
            ["Return price for all assets,3", "no_such_asset,1", "stock_a,4", "tpeters,2"],
            await query("select description, count(description) from asset_prices group by description"));
        Assert.Equal(
            ["delete_account,1", "open_account,2"],
            await query("select event_type, count(event_type) from account_status group by event_type"));
        Assert.Equal(
            [
                "make_deposit,jdoe,0.01", "make_deposit,tpeters,12.5", "make_deposit,tpeters,500.0",
                "make_withdrawal,tpeters,20.0", "make_withdrawal,tpeters,20.0",
            ],
            await query(
                "select event_type, regexp_extract(description, '(.*) (.*)', 1) as user_id,"
                + " regexp_extract(description, '(.*) (.*)', 2) as money from cash_transactions"));
    }
}
