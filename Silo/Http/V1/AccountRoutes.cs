using Banking.Accounts;

namespace Banking.Silo.Http.V1;

/// <summary>Accounts as resources.</summary>
internal static class AccountRoutes
{
    private delegate (AccountAction? Action, Malformation? Fault) ActionReader(RequestBody body, string actionId, HttpRequest request);

    public static void MapAccountRoutes(this RouteGroupBuilder routes)
    {
        var accounts = routes.MapGroup("/accounts").WithTags("Accounts");
        accounts.MapPost("", (Delegate)Open).Describe<OpenAccountRequest>("Opens an account.", StatusCodes.Status201Created);
        accounts.MapDelete("/{account_id}", (Delegate)Delete).DescribeChange("Deletes an account; its cash is paid out and its positions lapse.");
        accounts.MapGet("/{account_id}", (Delegate)Get).DescribeRead<StatementReply>("The account's holdings at current prices.");
        accounts.MapGet("/{account_id}/ledger", (Delegate)GetLedger).DescribeRead<LedgerReply>("The account's books, of deleted accounts too.");
        MapAction<MoneyRequest>(accounts, "/{account_id}/deposits", "Pays cash in.", ReadDeposit);
        MapAction<MoneyRequest>(accounts, "/{account_id}/withdrawals", "Pays cash out.", ReadWithdrawal);
        MapAction<OrderRequest>(accounts, "/{account_id}/purchases", "Buys units of an asset at the market's price.", ReadPurchase);
        MapAction<OrderRequest>(accounts, "/{account_id}/sales", "Sells units of an asset at the market's price.", ReadSale);
    }

    private static void MapAction<TRequest>(RouteGroupBuilder routes, string path, string summary, ActionReader read)
        where TRequest : notnull =>
        routes.MapPost(path, (Delegate)((HttpContext http) => Change(http, read))).Describe<TRequest>(summary, StatusCodes.Status200OK);

    private static async Task Open(HttpContext http)
    {
        var (body, fault) = await RequestBody.Read(http.Request, http.RequestAborted);
        if (body is { AccountId: { } id, FullName: { } name })
        {
            var action = new OpenAccount(name) { ActionId = ActionIds.Of(http.Request), Origin = Origin.Of(http.Request) };
            await Perform(http, id, action, location: "/v1/accounts/" + Uri.EscapeDataString(id));
            return;
        }

        await Malformed(http, new(body is null ? fault! : "The body must have account_id and full_name."));
    }

    private static Task Delete(HttpContext http)
    {
        if (http.Request.Query["full_name"] is not [{ } name]) return Malformed(http, new("The query must have full_name, the holder's."));
        return Perform(http, AccountId(http), new DeleteAccount(name) { ActionId = ActionIds.Of(http.Request), Origin = Origin.Of(http.Request) });
    }

    private static async Task Change(HttpContext http, ActionReader read)
    {
        var (body, unreadable) = await RequestBody.Read(http.Request, http.RequestAborted);
        var (action, fault) = body is null ? (null, new(unreadable!)) : read(body, ActionIds.Of(http.Request), http.Request);
        if (action is null) await Malformed(http, fault!.Value);
        else await Perform(http, AccountId(http), action);
    }

    private static async Task Get(HttpContext http)
    {
        var id = AccountId(http);
        var statement = ActionForm.IsAccountId(id) ? await Accounts(http).GetStatement(id, Origin.Of(http.Request)) : null;
        if (statement is null) await Refuse(http, ActionCode.AccountUnknown);
        else await http.Response.WriteAsJsonAsync(StatementReply.Of(statement), V1Json.Default.StatementReply);
    }

    private static async Task GetLedger(HttpContext http)
    {
        var id = AccountId(http);
        var ledger = ActionForm.IsAccountId(id) ? await Accounts(http).GetLedger(id) : null;
        if (ledger is null) await Refuse(http, ActionCode.AccountUnknown);
        else await http.Response.WriteAsJsonAsync(LedgerReply.Of(ledger), V1Json.Default.LedgerReply);
    }

    private static async Task Perform(HttpContext http, string accountId, AccountAction action, string? location = null)
    {
        var result = await Accounts(http).Perform(accountId, action, http.RequestAborted);
        if (result.Replayed) http.Response.Headers[ActionIds.ReplayedHeader] = "true";
        if (!result.IsDone)
        {
            await Refuse(http, result.Code);
            return;
        }

        if (location is not null) http.Response.Headers.Location = location;
        await Reply.Json(http, location is null ? StatusCodes.Status200OK : StatusCodes.Status201Created, json =>
        {
            json.WriteStartObject();
            json.WriteString("code", Refusals.NameOf(result.Code));
            json.WriteNumber("sequence_number", result.SequenceNumber);
            json.WriteString("occurred_at", result.OccurredAt.UtcDateTime);
            json.WriteNumber("amount", Money.Cents(result.Amount));
            json.WriteNumber("cash_balance", Money.Cents(result.CashBalance));
            json.WriteNumber("unit_price", Money.Price(result.UnitPrice));
            json.WriteEndObject();
        });
    }

    private static Task Refuse(HttpContext http, ActionCode code)
    {
        var status = Refusals.StatusOf(code);
        if (status == StatusCodes.Status503ServiceUnavailable) Reply.SetRetryAfter(http);
        return Reply.Problem(http, status, Refusals.NameOf(code), Refusals.SentenceOf(code));
    }

    private static Task Malformed(HttpContext http, Malformation fault) => Reply.Problem(http, StatusCodes.Status400BadRequest, fault.Code, fault.Sentence);

    private static (AccountAction?, Malformation?) ReadDeposit(RequestBody body, string actionId, HttpRequest request) =>
        body.Amount.TryGetDecimal(out var amount)
            ? (new Deposit(amount) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, Fault("amount", body.Amount, ActionCode.InvalidAmount));

    private static (AccountAction?, Malformation?) ReadWithdrawal(RequestBody body, string actionId, HttpRequest request) =>
        body.Amount.TryGetDecimal(out var amount)
            ? (new Withdraw(amount) { ActionId = actionId, Origin = Origin.Of(request) }, null)
            : (null, Fault("amount", body.Amount, ActionCode.InvalidAmount));

    private static (AccountAction?, Malformation?) ReadPurchase(RequestBody body, string actionId, HttpRequest request) =>
        OrderFault(body, out var quantity, out var limit) is { } fault
            ? (null, fault)
            : (new BuyAsset(body.AssetName!, quantity, limit) { ActionId = actionId, Origin = Origin.Of(request) }, null);

    private static (AccountAction?, Malformation?) ReadSale(RequestBody body, string actionId, HttpRequest request) =>
        OrderFault(body, out var quantity, out var limit) is { } fault
            ? (null, fault)
            : (new SellAsset(body.AssetName!, quantity, limit) { ActionId = actionId, Origin = Origin.Of(request) }, null);

    private static Malformation? OrderFault(RequestBody body, out long quantity, out decimal? limit)
    {
        limit = null;
        if (!body.Quantity.TryGetWhole(out quantity)) return Fault("quantity", body.Quantity, ActionCode.InvalidQuantity);
        if (body.AssetName is null) return new("The body must have asset_name.");
        if (body.LimitPrice.IsAbsent) return null;
        if (!body.LimitPrice.TryGetDecimal(out var price)) return Fault("limit_price", body.LimitPrice, ActionCode.InvalidLimitPrice);
        limit = price;
        return null;
    }

    private static Malformation Fault(string field, NumberText number, ActionCode code) =>
        number.IsAbsent ? new($"The body must have {field}.") : new(Refusals.SentenceOf(code), Refusals.NameOf(code));

    private static string AccountId(HttpContext http) => (string)http.GetRouteValue("account_id")!;

    private static AccountCaller Accounts(HttpContext http) => http.RequestServices.GetRequiredService<AccountCaller>();

    /// <summary>Why a request is no action.</summary>
    private readonly record struct Malformation(string Sentence, string Code = "malformed");
}
