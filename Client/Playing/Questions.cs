using System.Globalization;
using Banking.Client.Typing;

namespace Banking.Client.Playing;

/// <summary>Asks a player for a text or a choice. Esc, or an empty answer, goes back; Ctrl-C ends the game.</summary>
internal sealed class Questions(GameView view, Keyboard keyboard)
{
    private const int ChoicesShown = 10;

    /// <param name="question">The question as markup, made again from what is typed whenever it is drawn.</param>
    /// <param name="problemOf">Why a text is not a valid answer; null if it is.</param>
    /// <param name="backIsAnAnswer">Whether the word <c>back</c> is a text like any other.</param>
    /// <returns>The text without surrounding space; null to go back.</returns>
    public async Task<string?> AskAsync(
        Func<string, string> question, Func<string, string?> problemOf, CancellationToken cancellationToken, bool backIsAnAnswer = false)
    {
        var edited = EditedText.Empty;
        string? problem = null;
        view.Ask(() => Screens.Question(question(edited.Text), edited, problem));
        while (true)
        {
            var key = await ReadAsync(cancellationToken);
            if (key.Key == ConsoleKey.Escape) return null;
            if (key.Key == ConsoleKey.Enter)
            {
                var text = edited.Text.Trim();
                if (text.Length == 0 || (!backIsAnAnswer && text.Equals("back", StringComparison.OrdinalIgnoreCase))) return null;
                problem = problemOf(text);
                if (problem is null) return text;
                edited = EditedText.Empty;
            }

            edited = edited.Pressed(key) ?? edited;
            view.Draw();
        }
    }

    public async Task<bool> AskYesAsync(string question, CancellationToken cancellationToken) =>
        await AskAsync(_ => question + " [grey](y/n)[/]", text => IsYes(text) || IsNo(text) ? null : "Type y or n.", cancellationToken)
            is { } answer && IsYes(answer);

    /// <param name="shown">A choice as markup, made again whenever it is drawn.</param>
    /// <returns>The choice's index; null to go back.</returns>
    public async Task<int?> ChooseAsync(string title, int choices, Func<int, string> shown, CancellationToken cancellationToken)
    {
        var at = 0;
        view.Ask(() => Screens.Choice(title, choices, shown, at, ChoicesShown));
        while (true)
        {
            var key = await ReadAsync(cancellationToken);
            if (key.Key == ConsoleKey.Escape) return null;
            if (key.Key == ConsoleKey.Enter) return at;
            at = key.Key switch
            {
                ConsoleKey.UpArrow => (at + choices - 1) % choices,
                ConsoleKey.DownArrow => (at + 1) % choices,
                ConsoleKey.Home => 0,
                ConsoleKey.End => choices - 1,
                _ => at,
            };
            view.Draw();
        }
    }

    private async ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellationToken)
    {
        if (await keyboard.ReadAsync(cancellationToken) is { } key && !Keyboard.IsCtrl(key, ConsoleKey.C)) return key;
        throw new OperationCanceledException();
    }

    private static bool IsYes(string text) => text.ToUpperInvariant() is "Y" or "YES";

    private static bool IsNo(string text) => text.ToUpperInvariant() is "N" or "NO";
}

/// <summary>
/// Numbers as a person types them: digits, and nothing that only programs write, such as <c>1e3</c> or <c>0x10</c>. Which numbers are
/// allowed is up to the bank. Pure.
/// </summary>
internal static class TypedNumbers
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    public static bool TryAmount(string text, out decimal amount) =>
        decimal.TryParse(text, Whole | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount);

    public static bool TryQuantity(string text, out long quantity) =>
        long.TryParse(text, Whole, CultureInfo.InvariantCulture, out quantity);
}
