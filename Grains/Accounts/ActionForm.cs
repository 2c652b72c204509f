using System.Globalization;
using System.Text;

namespace Banking.Accounts;

/// <summary>Checks of an action without looking at any state.</summary>
public static class ActionForm
{
    /// <summary><see cref="ActionCode.Done"/> if the action may be decided; otherwise the first thing that is wrong with it.</summary>
    public static ActionCode Check(string accountId, AccountAction action)
    {
        if (!IsActionId(action.ActionId)) return ActionCode.InvalidActionId;
        if (!IsAccountId(accountId)) return ActionCode.InvalidAccountId;
        return ActionBook.RulesOf(action).CheckForm(action);
    }

    /// <summary>
    /// 1 to 128 letters with their marks, digits of any script, and <c>. _ - @ +</c>, in Unicode's normal form C. It does not begin with a
    /// mark, and is not <c>.</c> or <c>..</c>, which no URL can name.
    /// </summary>
    public static bool IsAccountId(string? id)
    {
        if (string.IsNullOrEmpty(id) || id is "." or "..") return false;
        var length = 0;
        for (var i = 0; i < id.Length;)
        {
            if (!Rune.TryGetRuneAt(id, i, out var rune)) return false;
            var isPart = Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '_' or '-' or '@' or '+' || (i > 0 && IsMark(rune));
            if (!isPart) return false;
            i += rune.Utf16SequenceLength;
            length++;
        }

        return length <= AccountLimits.MaxIdLength && NormalForm.Is(id);
    }

    /// <summary>1 to 256 characters, not all of them white space, without control characters and lone surrogates.</summary>
    public static bool IsName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 2 * AccountLimits.MaxNameLength) return false;
        var length = 0;
        for (var i = 0; i < name.Length;)
        {
            if (!Rune.TryGetRuneAt(name, i, out var rune) || Rune.IsControl(rune)) return false;
            i += rune.Utf16SequenceLength;
            length++;
        }

        return length <= AccountLimits.MaxNameLength;
    }

    public static bool IsActionId(string? id) =>
        id is { Length: > 0 and <= AccountLimits.MaxActionIdLength } && !id.AsSpan().ContainsAnyExceptInRange('!', '~');

    internal static ActionCode CheckName(string? name) => IsName(name) ? ActionCode.Done : ActionCode.InvalidName;

    internal static ActionCode CheckAmount(decimal amount)
    {
        if (amount <= 0 || decimal.Round(amount, 2) != amount) return ActionCode.InvalidAmount;
        return amount > AccountLimits.MaxAmount ? ActionCode.AmountOutOfRange : ActionCode.Done;
    }

    internal static ActionCode CheckOrder(long quantity, decimal? limitPrice)
    {
        if (quantity <= 0) return ActionCode.InvalidQuantity;
        if (quantity > AccountLimits.MaxQuantity) return ActionCode.AmountOutOfRange;
        return limitPrice is { } limit && (limit <= 0 || limit > AccountLimits.MaxUnitPrice || decimal.Round(limit, 6) != limit)
            ? ActionCode.InvalidLimitPrice
            : ActionCode.Done;
    }

    // Parts of letters, such as vowel signs and accents. Marks that enclose the preceding character are not.
    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
