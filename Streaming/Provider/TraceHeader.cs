using System.Diagnostics;
using System.Text;
using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// The producer's trace as W3C's <c>traceparent</c> (https://www.w3.org/TR/trace-context), as other clients of the log write and read it.
/// </summary>
public static class TraceHeader
{
    /// <summary>The header's name; its value is ASCII.</summary>
    public const string Name = "traceparent";

    /// <summary>The current trace; null if there is none, or if it is not in W3C's format.</summary>
    public static LogHeader? OfCurrent() =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? new LogHeader(Name, Encoding.ASCII.GetBytes(id)) : null;
}
