using Banking.Accounts;
using Banking.Markets;

namespace Banking.Silo.Http.Legacy;

/// <summary>
/// The old pipeline's routes, as its clients and load scripts call them. Routing takes each with and without the trailing slash.
/// </summary>
internal static class LegacyRoutes
{
    private static readonly LegacyJson Requests = new(RequestBody.OptionsLike(LegacyJson.Default.Options));

    private delegate (AccountAction? Action, string? Fault) ActionReader(LegacyRequest body, string actionId, HttpRequest request);

    public static void MapLegacyRoutes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/return_price", Prices).ExcludeFromDescription();
        routes.MapGet("/return_asset_price/{asset_name}", Price).ExcludeFromDescription();
        routes.MapGet("/return_account_info/{user_id}", AccountInfo).ExcludeFromDescription();
        MapAction(routes, "/open_account", OpenAccount);
        MapAction(routes, "/delete_account", DeleteAccount);
        MapAction(routes, "/deposit", Deposit);
        MapAction(routes, "/withdraw", Withdraw);
        MapAction(routes, "/buy_asset", BuyAsset);
        MapAction(routes, "/sell_asset", SellAsset);
    }

    private static async Task Prices(HttpContext http)
    {
        var quotes = await PriceBoard(http).GetPrices(Origin.Of(http.Request));
        await Reply.Json(http, StatusCodes.Status200OK, [.. quotes.Select(LegacyPrice.Of)], LegacyJson.Default.LegacyPriceArray);
    }

    private static async Task Price(HttpContext http)
    {
        var name = (string)http.GetRouteValue("asset_name")!;
        var quote = await PriceBoard(http).GetPrice(name, Origin.Of(http.Request));
        if (quote is null) await Reply.Sentence(http, StatusCodes.Status404NotFound, LegacyReply.AssetUnknown);
        else await Reply.Json(http, StatusCodes.Status200OK, LegacyPrice.Of(quote), LegacyJson.Default.LegacyPrice);
    }

    private static async Task AccountInfo(HttpContext http)
    {
        var id = AccountIds.OfRoute(http, "user_id");
        var statement = ActionForm.IsAccountId(id) ? await Accounts(http).GetStatement(id, Origin.Of(http.Request)) : null;
        if (statement is null) await Reply.Message(http, StatusCodes.Status404NotFound, LegacyReply.UserNotFound);
        else await Reply.Json(http, StatusCodes.Status200OK, LegacyAccount.Of(statement), LegacyJson.Default.LegacyAccount);
    }

    private static void MapAction(IEndpointRouteBuilder routes, string path, ActionReader read)
    {
        routes.MapPost(path, async (HttpContext http) =>
        {
            var (body, fault) = await RequestBody.ReadAsync(http.Request, Requests.LegacyRequest, http.RequestAborted);
            if (body is null)
            {
                await Reply.Message(http, StatusCodes.Status400BadRequest, fault == RequestBody.Empty ? LegacyReply.NoInput : fault!);
                return;
            }

            var (action, missing) = read(body, ActionIds.Of(http.Request), http.Request);
            if (action is null)
            {
                await Reply.Message(http, StatusCodes.Status400BadRequest, missing!);
                return;
            }

            var result = await Accounts(http).Perform(body.UserId!, action, http.RequestAborted);
            var status = Refusals.StatusOf(result.Code);
            if (status == StatusCodes.Status503ServiceUnavailable) Reply.SetRetryAfter(http);
            if (LegacyReply.Sentence(action, result.Code) is { } sentence) await Reply.Sentence(http, status, sentence);
            else await Reply.Message(http, status, LegacyReply.Message(action, result.Code));
        }).ExcludeFromDescription();
    }

    private static (AccountAction?, string?) OpenAccount(LegacyRequest body, string actionId, HttpRequest request) =>
        body is { UserId: not null, FullName: { } name }
            ? (new OpenAccount(name) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, LegacyReply.NeedsNameAndId);

    private static (AccountAction?, string?) DeleteAccount(LegacyRequest body, string actionId, HttpRequest request) =>
        body is { UserId: not null, FullName: { } name }
            ? (new DeleteAccount(name) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, LegacyReply.NeedsNameAndId);

    private static (AccountAction?, string?) Deposit(LegacyRequest body, string actionId, HttpRequest request) =>
        body.UserId is not null && body.Amount.TryGetDecimal(out var amount)
            ? (new Deposit(amount) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, LegacyReply.NeedsIdAndAmount);

    private static (AccountAction?, string?) Withdraw(LegacyRequest body, string actionId, HttpRequest request) =>
        body.UserId is not null && body.Amount.TryGetDecimal(out var amount)
            ? (new Withdraw(amount) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, LegacyReply.NeedsIdAndAmount);

    private static (AccountAction?, string?) BuyAsset(LegacyRequest body, string actionId, HttpRequest request) =>
        body is { UserId: not null, AssetName: { } asset } && body.NumberOf.TryGetWhole(out var quantity)
            ? (new BuyAsset(asset, quantity) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, LegacyReply.NeedsOrder);

    private static (AccountAction?, string?) SellAsset(LegacyRequest body, string actionId, HttpRequest request) =>
        body is { UserId: not null, AssetName: { } asset } && body.NumberOf.TryGetWhole(out var quantity)
            ? (new SellAsset(asset, quantity) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, LegacyReply.NeedsOrder);

    private static IPriceBoardGrain PriceBoard(HttpContext http) =>
        http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IPriceBoardGrain>(0);

    private static AccountCaller Accounts(HttpContext http) => http.RequestServices.GetRequiredService<AccountCaller>();
}
