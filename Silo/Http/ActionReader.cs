using Banking.Accounts;

namespace Banking.Silo.Http;

/// <summary>Makes actions from requests, by the fields that each type of action declares. Pure.</summary>
internal static class ActionReader
{
    /// <summary>Reads an action with the id that the request gives it.</summary>
    /// <returns>The action, or why the request is not one.</returns>
    public static (AccountAction? Action, Malformation? Fault) Read(ActionType type, IActionRequest body, HttpRequest request)
    {
        var fields = new ActionFields();
        foreach (var field in type.Required)
        {
            if (!TryTake(field, body, ref fields)) return (null, FaultOf(field, body));
        }

        foreach (var field in type.Optional)
        {
            if (!IsAbsent(field, body) && !TryTake(field, body, ref fields)) return (null, FaultOf(field, body));
        }

        return (type.Create(fields, ActionIds.Of(request), Origin.Of(request)), null);
    }

    private static bool TryTake(ActionField field, IActionRequest body, ref ActionFields fields)
    {
        switch (field)
        {
            case ActionField.FullName when body.FullName is { } name:
                fields = fields with { FullName = name };
                return true;
            case ActionField.AssetName when body.AssetName is { } asset:
                fields = fields with { AssetName = asset };
                return true;
            case ActionField.Issuer when body.Issuer is { } issuer:
                fields = fields with { Issuer = issuer };
                return true;
            case ActionField.Subject when body.Subject is { } subject:
                fields = fields with { Subject = subject };
                return true;
            case ActionField.Amount when body.Amount.TryGetDecimal(out var amount):
                fields = fields with { Amount = amount };
                return true;
            case ActionField.Quantity when body.Quantity.TryGetWhole(out var units):
                fields = fields with { Quantity = units };
                return true;
            case ActionField.LimitPrice when body.LimitPrice.TryGetDecimal(out var limit):
                fields = fields with { LimitPrice = limit };
                return true;
            default:
                return false;
        }
    }

    private static bool IsAbsent(ActionField field, IActionRequest body) => field switch
    {
        ActionField.FullName => body.FullName is null,
        ActionField.AssetName => body.AssetName is null,
        ActionField.Issuer => body.Issuer is null,
        ActionField.Subject => body.Subject is null,
        ActionField.Amount => body.Amount.IsAbsent,
        ActionField.Quantity => body.Quantity.IsAbsent,
        _ => body.LimitPrice.IsAbsent,
    };

    private static Malformation FaultOf(ActionField field, IActionRequest body) => field switch
    {
        ActionField.Amount when !body.Amount.IsAbsent => Malformation.Of(ActionCode.InvalidAmount),
        ActionField.Quantity when !body.Quantity.IsAbsent => Malformation.Of(ActionCode.InvalidQuantity),
        ActionField.LimitPrice when !body.LimitPrice.IsAbsent => Malformation.Of(ActionCode.InvalidLimitPrice),
        _ => new($"The body must have {ActionFieldNames.Of(field)}."),
    };
}

/// <summary>The fields that a request may have for an action; those that its type doesn't have are absent.</summary>
internal interface IActionRequest
{
    string? FullName => null;

    string? AssetName => null;

    string? Issuer => null;

    string? Subject => null;

    NumberText Amount => default;

    NumberText Quantity => default;

    NumberText LimitPrice => default;
}

/// <summary>Why a request is not an action.</summary>
internal readonly record struct Malformation(string Sentence, string Code = "malformed")
{
    public static Malformation Of(ActionCode code) => new(Refusals.SentenceOf(code), Refusals.NameOf(code));
}
