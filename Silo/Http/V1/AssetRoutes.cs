using Banking.Accounts;
using Banking.Markets;

namespace Banking.Silo.Http.V1;

/// <summary>Prices. Looking at them is an event, as in the old API.</summary>
internal static class AssetRoutes
{
    public static void MapAssetRoutes(this RouteGroupBuilder routes)
    {
        var assets = routes.MapGroup("/assets").WithTags("Assets");
        assets.MapGet("", (Delegate)GetAll).WithSummary("All listed assets.").Produces<AssetReply[]>();
        assets.MapGet("/{asset_name}", (Delegate)Get).DescribeRead<AssetReply>("One asset.");
    }

    private static async Task GetAll(HttpContext http)
    {
        var quotes = await PriceBoard(http).GetPrices(Origin.Of(http.Request));
        await http.Response.WriteAsJsonAsync([.. quotes.Select(AssetReply.Of)], V1Json.Default.AssetReplyArray);
    }

    private static async Task Get(HttpContext http)
    {
        var quote = await PriceBoard(http).GetPrice((string)http.GetRouteValue("asset_name")!, Origin.Of(http.Request));
        if (quote is not null) await http.Response.WriteAsJsonAsync(AssetReply.Of(quote), V1Json.Default.AssetReply);
        else await Reply.Problem(http, StatusCodes.Status404NotFound, Refusals.NameOf(ActionCode.AssetUnknown), Refusals.SentenceOf(ActionCode.AssetUnknown));
    }

    private static IPriceBoardGrain PriceBoard(HttpContext http) => http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IPriceBoardGrain>(0);
}
