using System.Globalization;
using Banking.Accounts;
using Banking.Silo.Accounts;
using Banking.Silo.Callers;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>The books of all accounts, page by page, for auditors.</summary>
internal static class LedgerRoutes
{
    private const int MaxPage = 1_000;

    public static void MapLedgerRoutes(this RouteGroupBuilder routes) =>
        routes.MapGet("/ledgers", (Delegate)GetPageAsync)
            .WithTags("Accounts")
            .RequireAuthorization(Access.Operators)
            .Describe<LedgerPage>(new("listLedgers", "The books of all accounts, deleted ones too, in the order of their ids' UTF-8 bytes.")
            {
                Parameters =
                [
                    RouteParameter.Query(
                        "after",
                        "The last page's `next`; absent for the first page.",
                        new() { Type = JsonSchemaType.String },
                        Examples.AccountId),
                    RouteParameter.Query(
                        "limit",
                        "Accounts of a page at the most.",
                        new()
                        {
                            Type = JsonSchemaType.Integer,
                            Format = "int32",
                            Minimum = "1",
                            Maximum = MaxPage.ToString(CultureInfo.InvariantCulture),
                            Default = MaxPage,
                        }),
                ],
                Reply = Examples.Ledgers,
                Problems = [Problems.Malformed, .. Descriptions.OfAccounts],
            });

    private static async Task GetPageAsync(HttpContext http)
    {
        var limit = MaxPage;
        if (http.Request.Query["limit"] is [{ } text]
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxPage))
        {
            await Reply.ProblemAsync(http, Problems.Malformed with { Sentence = $"limit must be 1 to {MaxPage}." });
            return;
        }

        var index = http.RequestServices.GetRequiredService<AccountIndex>();
        var accounts = http.RequestServices.GetRequiredService<AccountCaller>();
        var ids = await index.ListAsync(http.Request.Query["after"] is [{ } after] ? after : null, limit, http.RequestAborted);
        var ledgers = await Task.WhenAll(ids.Select(accounts.GetLedgerAsync));
        var page = new LedgerPage([.. ledgers.OfType<AccountLedger>().Select(LedgerReply.Of)], ids.Count < limit ? null : ids[^1]);
        await V1Reply.WriteAsync(http, page, json => json.LedgerPage);
    }
}
