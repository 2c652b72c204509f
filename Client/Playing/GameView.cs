using Banking.Accounts;
using Banking.Client.Banks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Banking.Client.Playing;

/// <summary>
/// What a player sees, redrawn in place: the account, the market, the last sentences and the question. Safe for concurrent use.
/// </summary>
internal sealed class GameView(IAnsiConsole console)
{
    private const int SentencesKept = 4;

    private readonly Lock _lock = new();
    private readonly Queue<string> _said = new();
    private Func<IRenderable> _question = () => Text.Empty;
    private AccountStatement? _statement;
    private IReadOnlyList<AssetPrice> _prices = [];
    private string? _trouble;
    private long _changes;
    private LiveDisplayContext? _live;

    /// <summary>The player's account; null while there is none.</summary>
    public AccountStatement? Statement
    {
        get
        {
            lock (_lock) return _statement;
        }
    }

    public IReadOnlyList<AssetPrice> Prices
    {
        get
        {
            lock (_lock) return _prices;
        }
    }

    /// <summary>Counts what the player does: answers to earlier requests are then out of date.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public Task ShowAsync(Func<Task> play) => console.Live(Text.Empty).Cropping(VerticalOverflowCropping.Top).StartAsync(async live =>
    {
        lock (_lock) _live = live;
        try
        {
            Draw();
            await play();
        }
        finally
        {
            Ask(() => Text.Empty);
            lock (_lock) _live = null;
        }
    });

    /// <summary>Notes that the player changes something, or looks at something else.</summary>
    public void Changing() => Interlocked.Increment(ref _changes);

    /// <param name="before">The value of <see cref="Changes"/> when the bank was asked; if it has changed since, nothing is taken.</param>
    public void Know(AccountStatement? statement, IReadOnlyList<AssetPrice> prices, long before)
    {
        lock (_lock)
        {
            if (Changes != before) return;
            (_statement, _prices, _trouble) = (statement, prices, null);
        }

        Draw();
    }

    /// <summary>Marks what is shown as out of date, for this reason.</summary>
    public void GrowOld(string reason)
    {
        lock (_lock) _trouble = reason;
        Draw();
    }

    /// <param name="markup">One sentence, as markup.</param>
    public void Say(string markup)
    {
        lock (_lock)
        {
            if (_live is null)
            {
                console.MarkupLine(markup);
                return;
            }

            _said.Enqueue(markup);
            while (_said.Count > SentencesKept) _said.Dequeue();
        }

        Draw();
    }

    /// <summary>Says why the bank does not do something.</summary>
    public void Refuse(ActionCode code) => Say($"[yellow]{Sentences.OfRefusal(code)}[/]");

    /// <param name="question">Called whenever the question is drawn.</param>
    public void Ask(Func<IRenderable> question)
    {
        lock (_lock) _question = question;
        Draw();
    }

    public void Draw()
    {
        lock (_lock)
        {
            if (_live is null) return;
            var height = console.Profile.Height;
            List<IRenderable> parts = [new Rule("[bold]The bank[/]").LeftJustified()];
            if (_statement is { } statement)
                parts.Add(Screens.SideBySide(console.Profile.Width, Screens.Holdings(statement), Screens.Prices(_prices, height)));
            if (_trouble is { } trouble) parts.Add(new Markup($"[red]{Screens.Shown(trouble)}[/]"));
            parts.AddRange(_said.Select(sentence => new Markup(sentence)));
            parts.Add(_question());
            _live.UpdateTarget(new Rows(parts));
        }
    }
}
