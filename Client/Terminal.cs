using System.Text;
using Spectre.Console;

namespace Banking.Client;

/// <summary>What a command talks to: the process's own streams, or a test's.</summary>
/// <param name="Interactive">A person sits at it: input and output are terminals.</param>
/// <param name="Progress">Progress may be drawn on <paramref name="Error"/>: it is a terminal.</param>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool Interactive, bool Progress, TimeProvider Time)
{
    /// <summary>A variable of the environment; null if it is not set, or empty.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>Asks a person for what must not be seen; null where nobody sits at the keyboard.</summary>
    public Func<string, CancellationToken, Task<string>>? AskSecret { get; init; }

    public static Terminal OfProcess()
    {
        // Results may be millions of lines: the console's own writer would flush every one of them.
        var output = Console.IsOutputRedirected
            ? new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16) { AutoFlush = false }
            : Console.Out;
        var interactive = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        var keyboard = !Console.IsInputRedirected && !Console.IsErrorRedirected;
        return new Terminal(Console.In, output, Console.Error, interactive, !Console.IsErrorRedirected, TimeProvider.System)
        {
            Variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
            AskSecret = keyboard ? (question, cancellationToken) => Draw(Console.Error, true).PromptAsync(new TextPrompt<string>(question).Secret(null), cancellationToken) : null,
        };
    }

    /// <summary>A console that draws on <see cref="Out"/>.</summary>
    public IAnsiConsole DrawOnOut() => Draw(Out, Interactive);

    /// <summary>A console that draws on <see cref="Error"/>, so that results on <see cref="Out"/> stay clean.</summary>
    public IAnsiConsole DrawOnError() => Draw(Error, Progress);

    private static IAnsiConsole Draw(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        // Without a terminal there is no width to fit into, and what is cut off could not be scrolled to.
        if (!terminal) console.Profile.Width = 32_000;
        return console;
    }
}
