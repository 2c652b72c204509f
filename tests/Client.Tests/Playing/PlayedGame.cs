using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Playing;
using Banking.Client.Tests.Banks;
using Banking.Client.Tests.Typing;
using Banking.Client.Typing;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace Banking.Client.Tests.Playing;

/// <summary>A game against a bank of its own, with a keyboard and a screen that tests have.</summary>
public abstract class PlayedGame : IAsyncLifetime
{
    private readonly StringWriter _output = new();
    private readonly TextWriter _screen;

    private protected PlayedGame() => _screen = TextWriter.Synchronized(_output);

    private protected FakeTimeProvider Time { get; } = new();

    private protected Keyboard Keys { get; } = new();

    private protected SmallBank Bank { get; } = new();

    private protected BankServer Server { get; private set; } = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    // The game writes meanwhile: a synchronized writer locks itself.
    private protected string Output
    {
        get
        {
            lock (_screen) return _output.ToString();
        }
    }

    public async ValueTask InitializeAsync() => Server = await BankServer.StartAsync(Bank);

    public async ValueTask DisposeAsync()
    {
        _output.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected void Open(decimal cash = 0)
    {
        Bank.Perform("alice", new OpenAccount("Alice") { ActionId = "open" });
        if (cash > 0) Bank.Perform("alice", new Banking.Accounts.Deposit(cash) { ActionId = "cash" });
    }

    private protected void Type(params string[] lines)
    {
        foreach (var line in lines) Keys.Type(line + "\n");
    }

    private protected void Choose(Wish wish) => Choose((int)wish);

    /// <summary>Goes down a list from its top and takes what is there.</summary>
    private protected void Choose(int below)
    {
        for (var i = 0; i < below; i++) Keys.Press(ConsoleKey.DownArrow);
        Keys.Press(ConsoleKey.Enter);
    }

    /// <summary>Plays; a question that no key answers ends it with an exception.</summary>
    private protected Task PlayAsync()
    {
        Keys.Close();
        return StartAsync();
    }

    private protected async Task StartAsync()
    {
        var settings = new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(_screen),
        };
        var console = AnsiConsole.Create(settings);
        (console.Profile.Width, console.Profile.Height) = (120, 40);
        await using var connector = new HttpBankConnector([Server.Url], TimeProvider.System);
        using var line = connector.Open();
        using var watched = connector.Open();
        await new Game(new GameView(console), Keys, line, watched, Time).RunAsync(Token);
    }

    private protected Task UntilAsync(string text) => Eventually.True(() => Output.Contains(text, StringComparison.Ordinal), text);

    private protected void Shown(params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, Output, StringComparison.Ordinal));
}
