using Banking.Accounts;
using Banking.Markets;
using Banking.Silo.Callers;

namespace Banking.Silo.Http.V1;

/// <summary>Prices. Looking at them is logged as an event, as in the old API.</summary>
internal static class AssetRoutes
{
    public static void MapAssetRoutes(this RouteGroupBuilder routes)
    {
        var assets = routes.MapGroup("/assets").WithTags("Assets").RequireAuthorization(Access.Anyone);
        assets.MapGet("", (Delegate)GetAllAsync)
            .Describe<AssetReply[]>(new("listAssets", "All listed assets.") { Reply = Examples.Assets });
        assets.MapGet("/{asset_name}", (Delegate)GetAsync).Describe<AssetReply>(new("getAsset", "One asset.")
        {
            Reply = Examples.Asset,
            Problems = Descriptions.Of(ActionCode.AssetUnknown),
        });
    }

    private static async Task GetAllAsync(HttpContext http)
    {
        var quotes = await PriceBoard(http).GetPrices(Origin.Of(http.Request));
        await V1Reply.WriteAsync(http, [.. quotes.Select(AssetReply.Of)], json => json.AssetReplyArray);
    }

    private static async Task GetAsync(HttpContext http)
    {
        var quote = await PriceBoard(http).GetPrice((string)http.GetRouteValue("asset_name")!, Origin.Of(http.Request));
        if (quote is not null) await V1Reply.WriteAsync(http, AssetReply.Of(quote), json => json.AssetReply);
        else await Reply.ProblemAsync(http, Problem.Of(ActionCode.AssetUnknown));
    }

    private static IPriceBoardGrain PriceBoard(HttpContext http) =>
        http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IPriceBoardGrain>(0);
}
