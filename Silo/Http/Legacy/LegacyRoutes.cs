using System.Globalization;
using System.Text.Json;
using Banking.Accounts;
using Banking.Markets;

namespace Banking.Silo.Http.Legacy;

/// <summary>
/// The old pipeline's routes, as its clients and load scripts call them. Routing takes each with and without the trailing slash.
/// </summary>
internal static class LegacyRoutes
{
    public static void MapLegacyRoutes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/return_price", Prices).ExcludeFromDescription();
        routes.MapGet("/return_asset_price/{asset_name}", Price).ExcludeFromDescription();
        routes.MapGet("/return_account_info/{user_id}", AccountInfo).ExcludeFromDescription();
        MapAction(routes, "/open_account", OpenAccount.Type, LegacyReply.NeedsNameAndId);
        MapAction(routes, "/delete_account", DeleteAccount.Type, LegacyReply.NeedsNameAndId);
        MapAction(routes, "/deposit", Deposit.Type, LegacyReply.NeedsIdAndAmount);
        MapAction(routes, "/withdraw", Withdraw.Type, LegacyReply.NeedsIdAndAmount);
        MapAction(routes, "/buy_asset", BuyAsset.Type, LegacyReply.NeedsOrder);
        MapAction(routes, "/sell_asset", SellAsset.Type, LegacyReply.NeedsOrder);
    }

    private static async Task Prices(HttpContext http)
    {
        var quotes = await PriceBoard(http).GetPrices(Origin.Of(http.Request));
        await Reply.Json(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            foreach (var quote in quotes) WritePrice(json, quote);
            json.WriteEndArray();
        });
    }

    private static async Task Price(HttpContext http)
    {
        var name = (string)http.GetRouteValue("asset_name")!;
        var quote = await PriceBoard(http).GetPrice(name, Origin.Of(http.Request));
        if (quote is null) await Reply.Sentence(http, StatusCodes.Status404NotFound, LegacyReply.AssetUnknown);
        else await Reply.Json(http, StatusCodes.Status200OK, json => WritePrice(json, quote));
    }

    private static async Task AccountInfo(HttpContext http)
    {
        var id = AccountIds.OfRoute(http, "user_id");
        var statement = ActionForm.IsAccountId(id) ? await Accounts(http).GetStatement(id, Origin.Of(http.Request)) : null;
        if (statement is null) await Reply.Message(http, StatusCodes.Status404NotFound, LegacyReply.UserNotFound);
        else await Reply.Json(http, StatusCodes.Status200OK, json => WriteInfo(json, statement));
    }

    /// <param name="needs">What is said where a field is missing.</param>
    private static void MapAction(IEndpointRouteBuilder routes, string path, ActionType type, string needs)
    {
        routes.MapPost(path, async (HttpContext http) =>
        {
            var (body, fault) = await RequestBody.Read(http.Request, http.RequestAborted);
            if (body is null)
            {
                await Reply.Message(http, StatusCodes.Status400BadRequest, fault == RequestBody.Empty ? LegacyReply.NoInput : fault!);
                return;
            }

            if (body.UserId is null || ActionReader.ReadLegacy(type, body, http.Request) is not { } action)
            {
                await Reply.Message(http, StatusCodes.Status400BadRequest, needs);
                return;
            }

            var result = await Accounts(http).Perform(body.UserId, action, http.RequestAborted);
            var status = Refusals.StatusOf(result.Code);
            if (status == StatusCodes.Status503ServiceUnavailable) Reply.SetRetryAfter(http);
            if (LegacyReply.Sentence(action, result.Code) is { } sentence) await Reply.Sentence(http, status, sentence);
            else await Reply.Message(http, status, LegacyReply.Message(action, result.Code));
        }).ExcludeFromDescription();
    }

    private static void WritePrice(Utf8JsonWriter json, Quote quote)
    {
        json.WriteStartObject();
        json.WriteString("asset_name", quote.AssetName);
        json.WriteString("asset_type", quote.AssetType);
        json.WriteNumber("price", Money.Price(quote.UnitPrice));
        json.WriteString("as_of", Time(quote.AsOf));
        json.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter json, AccountStatement statement)
    {
        json.WriteStartObject();
        json.WriteString("user_id", statement.AccountId);
        json.WriteString("full_name", statement.FullName);
        json.WriteNumber("total_value", Money.Cents(statement.TotalValue));
        json.WriteNumber("original_value", Money.Cents(statement.OriginalValue));
        json.WriteString("as_of", Time(statement.AsOf));
        json.WriteStartArray("transactions");
        foreach (var holding in statement.Holdings)
        {
            json.WriteStartObject();
            json.WriteString("asset_name", holding.AssetName);
            json.WriteString("asset_type", holding.AssetType);
            json.WriteNumber("number_of", holding.Quantity);
            json.WriteNumber("original_value", Money.Cents(holding.OriginalValue));
            json.WriteString("transaction_date", Time(holding.ChangedAt));
            json.WriteNumber("current_value", Money.Cents(holding.CurrentValue));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static IPriceBoardGrain PriceBoard(HttpContext http) =>
        http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IPriceBoardGrain>(0);

    private static AccountCaller Accounts(HttpContext http) => http.RequestServices.GetRequiredService<AccountCaller>();
}
