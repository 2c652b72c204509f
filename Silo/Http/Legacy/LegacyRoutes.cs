using Banking.Accounts;
using Banking.Markets;
using Banking.Silo.Callers;

namespace Banking.Silo.Http.Legacy;

/// <summary>
/// The old pipeline's routes, as its clients and load scripts call them. Routing accepts each with and without a trailing slash.
/// </summary>
internal static class LegacyRoutes
{
    private static readonly LegacyJson Requests = new(RequestBody.OptionsLike(LegacyJson.Default.Options));

    public static void MapLegacyRoutes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/return_price", PricesAsync).ExcludeFromDescription().RequireAuthorization(Access.Anyone);
        routes.MapGet("/return_asset_price/{asset_name}", PriceAsync).ExcludeFromDescription().RequireAuthorization(Access.Anyone);
        routes.MapGet("/return_account_info/{user_id}", AccountInfoAsync).ExcludeFromDescription().RequireAuthorization(Access.Accounts);
        MapAction(routes, "/open_account", OpenAccount.Type, LegacyReply.NeedsNameAndId);
        MapAction(routes, "/delete_account", DeleteAccount.Type, LegacyReply.NeedsNameAndId);
        MapAction(routes, "/deposit", Deposit.Type, LegacyReply.NeedsIdAndAmount);
        MapAction(routes, "/withdraw", Withdraw.Type, LegacyReply.NeedsIdAndAmount);
        MapAction(routes, "/buy_asset", BuyAsset.Type, LegacyReply.NeedsOrder);
        MapAction(routes, "/sell_asset", SellAsset.Type, LegacyReply.NeedsOrder);
    }

    private static async Task PricesAsync(HttpContext http)
    {
        var quotes = await PriceBoard(http).GetPrices(Origin.Of(http.Request));
        await Reply.JsonAsync(http, StatusCodes.Status200OK, [.. quotes.Select(LegacyPrice.Of)], LegacyJson.Default.LegacyPriceArray);
    }

    private static async Task PriceAsync(HttpContext http)
    {
        var name = (string)http.GetRouteValue("asset_name")!;
        var quote = await PriceBoard(http).GetPrice(name, Origin.Of(http.Request));
        if (quote is null) await Reply.SentenceAsync(http, StatusCodes.Status404NotFound, LegacyReply.AssetUnknown);
        else await Reply.JsonAsync(http, StatusCodes.Status200OK, LegacyPrice.Of(quote), LegacyJson.Default.LegacyPrice);
    }

    private static async Task AccountInfoAsync(HttpContext http)
    {
        var id = AccountIds.OfRoute(http, "user_id");
        var statement = ActionForm.IsAccountId(id) ? await Accounts(http).GetStatementAsync(id, Origin.Of(http.Request)) : null;
        if (statement is null) await Reply.MessageAsync(http, StatusCodes.Status404NotFound, LegacyReply.UserNotFound);
        else await Reply.JsonAsync(http, StatusCodes.Status200OK, LegacyAccount.Of(statement), LegacyJson.Default.LegacyAccount);
    }

    /// <param name="needs">What is said if a field is missing.</param>
    private static void MapAction(IEndpointRouteBuilder routes, string path, ActionType type, string needs)
    {
        routes.MapPost(path, async (HttpContext http) =>
        {
            var (body, fault) = await RequestBody.ReadAsync(http.Request, Requests.LegacyRequest, http.RequestAborted);
            if (body is null)
            {
                await Reply.MessageAsync(http, StatusCodes.Status400BadRequest, fault == RequestBody.Empty ? LegacyReply.NoInput : fault!);
                return;
            }

            if (body.UserId is null || ActionReader.Read(type, body, http.Request) is not ({ } action, _))
            {
                await Reply.MessageAsync(http, StatusCodes.Status400BadRequest, needs);
                return;
            }

            var result = await Accounts(http).PerformAsync(body.UserId, action, http.RequestAborted);
            var status = Refusals.StatusOf(result.Code);
            if (status == StatusCodes.Status503ServiceUnavailable) Reply.SetRetryAfter(http);
            if (LegacyReply.Sentence(action, result.Code) is { } sentence) await Reply.SentenceAsync(http, status, sentence);
            else await Reply.MessageAsync(http, status, LegacyReply.Message(action, result.Code));
        }).ExcludeFromDescription().RequireAuthorization(Access.Accounts);
    }

    private static IPriceBoardGrain PriceBoard(HttpContext http) =>
        http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IPriceBoardGrain>(0);

    private static AccountCaller Accounts(HttpContext http) => http.RequestServices.GetRequiredService<AccountCaller>();
}
