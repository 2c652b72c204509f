using System.Text;
using Banking.Client.Typing;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Banking.Client.Terminals;

/// <summary>What a command talks to: the process's own streams, or a test's.</summary>
/// <param name="Interactive">Whether a person sits at it: input and output are terminals.</param>
/// <param name="Progress">Whether progress may be drawn on <paramref name="Error"/>, because it is a terminal.</param>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool Interactive, bool Progress, TimeProvider Time)
{
    private const nint StandardOutput = 1;

    // EPIPE, the same number on Linux and macOS.
    private const int BrokenPipe = 32;

    /// <summary>Cells in a line of <see cref="Out"/>; null if it is not a terminal.</summary>
    public int? Width { get; init; }

    /// <summary>The terminal's current cells per row, and its rows.</summary>
    public Func<(int Width, int Height)> Size { get; init; } = () => (80, 24);

    /// <summary>Whether what is on the terminal can be drawn over.</summary>
    public bool MovesCursor { get; init; }

    /// <summary>Begins to listen to the terminal's keys; null if nobody sits at the keyboard.</summary>
    public Func<Keyboard>? Listen { get; init; }

    /// <summary>The folder for what is kept for this user beyond the process; null if nothing is kept.</summary>
    public string? StateFolder { get; init; }

    /// <summary>An environment variable; null if it is not set, or empty.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>Asks a person for a secret, which is not shown; null if nobody sits at the keyboard.</summary>
    public Func<string, CancellationToken, Task<string>>? AskSecret { get; init; }

    public static Terminal OfProcess()
    {
        // Results may have millions of lines, and the console's own writer would flush every one of them.
        var output = Console.IsOutputRedirected
            ? new StreamWriter(OpenOutput(), new UTF8Encoding(false), 1 << 16) { AutoFlush = false }
            : Console.Out;
        var interactive = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        var keyboard = !Console.IsInputRedirected && !Console.IsErrorRedirected;
        return new Terminal(Console.In, output, Console.Error, interactive, !Console.IsErrorRedirected, TimeProvider.System)
        {
            Width = Console.IsOutputRedirected ? null : SizeOfConsole().Width,
            MovesCursor = interactive && Draw(output, true).Profile.Capabilities.Ansi,
            Size = SizeOfConsole,
            Listen = Console.IsInputRedirected ? null : Keyboard.OfConsole,
            StateFolder = StateFolderOf(VariableOfProcess),
            Variable = VariableOfProcess,
            AskSecret = keyboard
                ? (question, token) => Draw(Console.Error, true).PromptAsync(new TextPrompt<string>(question).Secret(null), token)
                : null,
        };
    }

    /// <summary>Writes a line that may contain text that others wrote.</summary>
    public Task WriteLineAsync(string line) => Out.WriteLineAsync(ShownText.Line(line));

    /// <summary>A console that draws on <see cref="Out"/>.</summary>
    public IAnsiConsole DrawOnOut() => Draw(Out, Interactive);

    /// <summary>A console that draws on <see cref="Error"/>, so that results on <see cref="Out"/> stay clean.</summary>
    public IAnsiConsole DrawOnError() => Draw(Error, Progress);

    /// <summary>Whether a write failed because the reader of the output (head, less) is gone.</summary>
    public static bool IsReaderGone(IOException failure) => !OperatingSystem.IsWindows() && failure.HResult == BrokenPipe;

    // A terminal that does not tell its size does not have size 0.
    private static (int Width, int Height) SizeOfConsole() =>
        (Console.WindowWidth is > 0 and var width ? width : 80, Console.WindowHeight is > 0 and var height ? height : 24);

    private static string? VariableOfProcess(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    // By the XDG base directory specification, a relative path counts as not set.
    private static string? StateFolderOf(Func<string, string?> variable)
    {
        if (OperatingSystem.IsWindows()) return Under(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData));
        if (variable("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state)) return Path.Combine(state, "banking");
        return Under(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");

        static string? Under(string folder, params string[] names) =>
            folder.Length == 0 ? null : Path.Combine([folder, .. names, "banking"]);
    }

    // The console's own stream treats a pipe that nobody reads as if it took everything. Files are left to it, as they may be shared with
    // standard error.
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    private static IAnsiConsole Draw(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        // Without a terminal there is no width to fit into, and text that is cut off could not be reached by scrolling.
        if (!terminal) console.Profile.Width = 32_000;
        return console;
    }
}
