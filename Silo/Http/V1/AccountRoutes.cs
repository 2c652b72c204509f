using Banking.Accounts;
using Banking.Silo.Callers;

namespace Banking.Silo.Http.V1;

/// <summary>Accounts as resources.</summary>
internal static class AccountRoutes
{
    public static void MapAccountRoutes(this RouteGroupBuilder routes)
    {
        var accounts = routes.MapGroup("/accounts").WithTags("Accounts").RequireAuthorization(Access.Accounts);
        accounts.MapPost("", (Delegate)OpenAsync).Describe<OpenAccountRequest, ActionReply>(
            new("openAccount", "Opens an account.")
            {
                Description = "An id that was deleted may be opened again: its sequence of events goes on.",
                Request = Examples.Opening,
                Reply = Examples.Done(1, 0.00m, 0.00m),
                Creates = true,
                TakesKey = true,
                Problems = [.. Descriptions.OfActions, .. Descriptions.Of(ActionCode.InvalidName, ActionCode.AccountExists)],
            },
            StatusCodes.Status201Created);
        const string Deletes = "Deletes an account; its cash is paid out and its positions lapse.";
        accounts.MapDelete("/{account_id}", (Delegate)DeleteAsync).Describe<ActionReply>(new("deleteAccount", Deletes)
        {
            Parameters = [RouteParameter.Query("full_name", "The holder's name.", Schemas.Text(1, 256), "Tom Peters", required: true)],
            Reply = Examples.Done(6, 199.99m, 0.00m),
            TakesKey = true,
            Problems = [Problems.Malformed, .. OfOpenAccounts, .. Descriptions.Of(ActionCode.InvalidName, ActionCode.NameMismatch)],
        });
        const string Shows = "The account's holdings at current prices.";
        accounts.MapGet("/{account_id}", (Delegate)GetAsync).Describe<StatementReply>(new("getAccount", Shows)
        {
            Reply = Examples.Statement,
            Problems = [.. Descriptions.OfAccounts, .. Descriptions.Of(ActionCode.AccountUnknown)],
        });
        const string Audits = "The account's books, of deleted accounts too.";
        accounts.MapGet("/{account_id}/ledger", (Delegate)GetLedgerAsync).Describe<LedgerReply>(new("getLedger", Audits)
        {
            Reply = Examples.Ledger,
            Problems = [.. Descriptions.OfAccounts, .. Descriptions.Of(ActionCode.AccountUnknown)],
        });
        MapAction<MoneyRequest>(accounts, Deposit.Type, new("deposit", "Pays cash in.")
        {
            Request = Examples.Amount,
            Reply = Examples.Done(2, 12.50m, 212.50m),
            Problems = [.. OfPayments, .. Descriptions.Of(ActionCode.BalanceOutOfRange)],
        });
        MapAction<MoneyRequest>(accounts, Withdraw.Type, new("withdraw", "Pays cash out.")
        {
            Request = Examples.Amount,
            Reply = Examples.Done(3, 12.50m, 200.00m),
            Problems = [.. OfPayments, .. Descriptions.Of(ActionCode.NoCash, ActionCode.CashShort)],
        });
        const string Buys = "Buys units of an asset at the market's price.";
        MapAction<OrderRequest>(accounts, BuyAsset.Type, new("buy", Buys)
        {
            Request = Examples.Order,
            Reply = Examples.Done(4, 90.32m, 109.68m, 9.031250m),
            Problems = [.. OfTrades, .. Descriptions.Of(ActionCode.CashShort)],
        });
        MapAction<OrderRequest>(accounts, SellAsset.Type, new("sell", "Sells units of an asset at the market's price.")
        {
            Request = Examples.Order,
            Reply = Examples.Done(5, 90.31m, 199.99m, 9.031250m),
            Problems = [.. OfTrades, .. Descriptions.Of(ActionCode.HoldingShort)],
        });
        const string Assigns = "Gives an account to an owner, also one that was deleted. For operators.";
        MapAction<OwnerRequest>(accounts, AssignAccount.Type, new("assign", Assigns)
        {
            Request = Examples.Owner,
            Reply = Examples.Done(7, 0.00m, 0.00m),
            Problems = [.. Descriptions.OfActions, .. Descriptions.Of(ActionCode.AccountUnknown, ActionCode.InvalidOwner)],
        }).RequireAuthorization(Access.Operators);
    }

    private static Problem[] OfOpenAccounts =>
        [.. Descriptions.OfActions, .. Descriptions.Of(ActionCode.AccountUnknown, ActionCode.AccountClosed)];

    private static Problem[] OfPayments => [.. OfOpenAccounts, .. Descriptions.Of(ActionCode.InvalidAmount, ActionCode.AmountOutOfRange)];

    private static Problem[] OfTrades =>
    [
        .. OfOpenAccounts,
        .. Descriptions.Of(
            ActionCode.InvalidQuantity, ActionCode.AmountOutOfRange, ActionCode.InvalidLimitPrice, ActionCode.AssetUnknown,
            ActionCode.AssetNotTradable, ActionCode.MarketHalted, ActionCode.QuoteExpired, ActionCode.PriceBeyondLimit,
            ActionCode.QuantityAboveMarketLimit, ActionCode.BalanceOutOfRange),
    ];

    private static RouteHandlerBuilder MapAction<TRequest>(RouteGroupBuilder routes, ActionType type, RouteDescription description)
        where TRequest : class, IActionRequest =>
        routes.MapPost($"/{{account_id}}/{type.Collection}", (Delegate)((HttpContext http) => ChangeAsync<TRequest>(http, type)))
            .Describe<TRequest, ActionReply>(description with { TakesKey = true });

    private static async Task OpenAsync(HttpContext http)
    {
        var (body, fault) = await V1Request.ReadAsync<OpenAccountRequest>(http);
        if (body is { AccountId: { } sent, FullName: { } name })
        {
            var id = AccountIds.Of(sent);
            var action = new OpenAccount(name) { ActionId = ActionIds.Of(http.Request), Origin = Origin.Of(http.Request) };
            await PerformAsync(http, id, action, location: "/v1/accounts/" + Uri.EscapeDataString(id));
            return;
        }

        await MalformedAsync(http, new(body is null ? fault! : "The body must have account_id and full_name."));
    }

    private static Task DeleteAsync(HttpContext http)
    {
        if (http.Request.Query["full_name"] is not [{ } name])
            return MalformedAsync(http, new("The query must have full_name, the holder's."));
        return PerformAsync(
            http, AccountId(http), new DeleteAccount(name) { ActionId = ActionIds.Of(http.Request), Origin = Origin.Of(http.Request) });
    }

    private static async Task ChangeAsync<TRequest>(HttpContext http, ActionType type)
        where TRequest : class, IActionRequest
    {
        var (body, unreadable) = await V1Request.ReadAsync<TRequest>(http);
        var (action, fault) = body is null ? (null, new(unreadable!)) : ActionReader.Read(type, body, http.Request);
        if (action is null) await MalformedAsync(http, fault!.Value);
        else await PerformAsync(http, AccountId(http), action);
    }

    private static async Task GetAsync(HttpContext http)
    {
        var id = AccountId(http);
        var statement = ActionForm.IsAccountId(id) ? await Accounts(http).GetStatementAsync(id, Origin.Of(http.Request)) : null;
        if (statement is null) await RefuseAsync(http, ActionCode.AccountUnknown);
        else await V1Reply.WriteAsync(http, StatementReply.Of(statement), json => json.StatementReply);
    }

    private static async Task GetLedgerAsync(HttpContext http)
    {
        var id = AccountId(http);
        var ledger = ActionForm.IsAccountId(id) ? await Accounts(http).GetLedgerAsync(id) : null;
        if (ledger is null) await RefuseAsync(http, ActionCode.AccountUnknown);
        else await V1Reply.WriteAsync(http, LedgerReply.Of(ledger), json => json.LedgerReply);
    }

    private static async Task PerformAsync(HttpContext http, string accountId, AccountAction action, string? location = null)
    {
        var result = await Accounts(http).PerformAsync(accountId, action, http.RequestAborted);
        if (result.Replayed) http.Response.Headers[ActionIds.ReplayedHeader] = "true";
        if (!result.IsDone)
        {
            await RefuseAsync(http, result.Code);
            return;
        }

        if (location is not null) http.Response.Headers.Location = location;
        var status = location is null ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        await V1Reply.WriteAsync(http, ActionReply.Of(result), json => json.ActionReply, status, "application/json");
    }

    private static Task RefuseAsync(HttpContext http, ActionCode code)
    {
        var problem = Problem.Of(code);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) Reply.SetRetryAfter(http);
        return Reply.ProblemAsync(http, problem);
    }

    private static Task MalformedAsync(HttpContext http, Malformation fault) =>
        Reply.ProblemAsync(http, Problems.Malformed with { Code = fault.Code, Sentence = fault.Sentence });

    private static string AccountId(HttpContext http) => AccountIds.OfRoute(http, "account_id");

    private static AccountCaller Accounts(HttpContext http) => http.RequestServices.GetRequiredService<AccountCaller>();
}
