using System.Globalization;
using System.Text.RegularExpressions;

namespace Banking.Servers.Tracing;

/// <summary>Reads what <c>strace -f -y -o file</c> wrote.</summary>
internal static partial class SystemTrace
{
    /// <summary>The calls that returned, in the order in which they began.</summary>
    /// <exception cref="FormatException">A line is not strace's.</exception>
    public static IReadOnlyList<SystemCall> Parse(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<int, (string Arguments, int Began)>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (Event().IsMatch(line)) continue;
            if (Call().Match(line) is not { Success: true } call) throw new FormatException($"Line {number} is no line of strace: {line}");
            var thread = int.Parse(call.Groups["thread"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            var (arguments, began) = call.Groups["resumed"].Success ? unfinished.GetValueOrDefault(thread, ("", number)) : ("", number);
            arguments += call.Groups["arguments"].Value;
            if (!call.Groups["result"].Success)
            {
                unfinished[thread] = (arguments, began);
                continue;
            }

            unfinished.Remove(thread);
            var result = long.TryParse(
                call.Groups["result"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value
                : -1;
            calls.Add(new SystemCall(thread, call.Groups["name"].Value, arguments, result, began, number));
        }

        return [.. calls.OrderBy(call => call.Began)];
    }

    // "7 +++ exited with 0 +++", "7 --- SIGTERM {...} ---".
    [GeneratedRegex(@"^\d+ +(\+\+\+|---) ")]
    private static partial Regex Event();

    // "7  fsync(3</a>) = 0", "7  fsync(3</a> <unfinished ...>", "7  <... fsync resumed>) = -1 EIO (Input/output error)".
    [GeneratedRegex(@"^(?<thread>\d+) +((?<resumed><\.\.\. )(?<name>\w+) resumed>|(?<name>\w+)\()(?<arguments>.*?)( <unfinished "
        + @"\.\.\.>|\) += (?<result>-?\d+|\?)[^()""]*(\([^()""]*\))? *)$")]
    private static partial Regex Call();
}
