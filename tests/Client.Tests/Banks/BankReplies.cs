using System.Globalization;
using System.Text.Json;
using Banking.Accounts;
using Banking.Client.Banks;
using Microsoft.AspNetCore.Http;

namespace Banking.Client.Tests.Banks;

/// <summary>The bodies that <see cref="BankServer"/> answers with.</summary>
internal static class BankReplies
{
    public static async Task WriteAsync(HttpContext http, BankAnswer answer)
    {
        if (answer.Replayed) http.Response.Headers["Idempotency-Replayed"] = "true";
        var code = ActionCodes.NameOf(answer.Code);
        http.Response.StatusCode = answer.IsDone ? 200 : 409;
        http.Response.ContentType = answer.IsDone ? "application/json" : "application/problem+json";
        await http.Response.WriteAsync(answer.IsDone
            ? string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"code":"{{code}}","sequence_number":{{answer.SequenceNumber}},"occurred_at":"2026-11-24T02:00:00.123Z","amount":{{answer.Amount}},"cash_balance":{{answer.CashBalance}},"unit_price":{{answer.UnitPrice}}}""")
            : $$"""{"type":"about:blank","title":"Refused","status":409,"detail":"No.","code":"{{code}}"}""");
    }

    public static IResult Statement(SmallBank bank, string id)
    {
        if (bank.Accounts.FirstOrDefault(account => account.Id == id) is not { IsOpen: true } account) return Results.NotFound();
        Holding[] cash = account.Cash == 0
            ? []
            : [new Holding("cash", "cash", account.Cash, account.Cash, DateTimeOffset.UnixEpoch, account.Cash)];
        var others = account.Positions.Where(position => position.Value > 0)
            .Select(position => new Holding(position.Key, "stock", position.Value, 1, DateTimeOffset.UnixEpoch, 1));
        var statement = new AccountStatement(
            id, account.FullName, account.Cash, account.Cash, DateTimeOffset.UnixEpoch, [.. cash, .. others]);
        return Results.Text(JsonSerializer.Serialize(statement, BankJson.Default.AccountStatement), "application/json");
    }

    public static IResult Ledgers(SmallBank bank, string? after, int limit)
    {
        var page = bank.Accounts.Where(account => account.Sequence > 0 && string.CompareOrdinal(account.Id, after) > 0).Take(limit).ToArray(
            );
        var ledgers = page.Select(account => new
        {
            account_id = account.Id,
            is_open = account.IsOpen,
            sequence_number = account.Sequence,
            cash = account.Cash,
            paid_in = account.PaidIn,
            paid_out = account.PaidOut,
            spent = account.Spent,
            earned = account.Earned,
            positions = account.Positions.Where(position => position.Value != 0).ToDictionary(),
            unpublished = 0,
        });
        return Results.Json(new { ledgers, next = page.Length == limit ? page[^1].Id : null });
    }
}
