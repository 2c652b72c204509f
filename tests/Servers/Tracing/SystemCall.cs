using System.Text.RegularExpressions;

namespace Banking.Servers.Tracing;

/// <summary>
/// A system call of a traced program. It was made between the lines <paramref name="Began"/> and <paramref name="Ended"/> of the trace,
/// which are in order of time.
/// </summary>
/// <param name="Thread">That made it.</param>
/// <param name="Name">Such as <c>fsync</c>.</param>
/// <param name="Arguments">As strace prints them.</param>
/// <param name="Result">Below 0: it failed, or the thread ended in it.</param>
/// <param name="Began">Number of the line on which it began.</param>
/// <param name="Ended">Number of the line on which it returned.</param>
internal sealed partial record SystemCall(int Thread, string Name, string Arguments, long Result, int Began, int Ended)
{
    /// <summary>The path, or the socket, of the descriptor that it was made on (<c>strace -y</c>); empty if it is on none.</summary>
    public string File { get; } = Descriptor().Match(Arguments).Groups["file"].Value;

    /// <summary>Its strings, a character for each byte; strace cuts them at its <c>-s</c>.</summary>
    public IReadOnlyList<string> Texts { get; } = [.. Quoted().Matches(Arguments).Select(text => Unescaped(text.Groups["text"].Value))];

    public bool IsWrite => Name is "write" or "pwrite64" or "writev" or "pwritev";

    public bool IsFlush => Name is "fsync" or "fdatasync" && Result == 0;

    public bool IsSend => Name is "sendto" or "sendmsg" or "write" or "writev";

    public bool IsReceive => Name is "recvfrom" or "recvmsg" or "read";

    /// <summary>The whole call is over when the other begins.</summary>
    public bool IsBefore(SystemCall other) => Ended < other.Began;

    // \n and the like, and bytes as up to three octal digits.
    private static string Unescaped(string text) =>
        Escape().Replace(text, escape => escape.Groups["octal"] is { Success: true, Value: var octal }
        ? ((char)Convert.ToInt32(octal, 8)).ToString()
        : escape.Value[1] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", 'v' => "\v", 'f' => "\f", var other => other.ToString() });

    [GeneratedRegex(@"^\d+<(?<file>[^>]*)>")]
    private static partial Regex Descriptor();

    [GeneratedRegex("""
        "(?<text>(?:[^"\\]|\\.)*)"
        """)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\\(?:(?<octal>[0-7]{1,3})|.)", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
