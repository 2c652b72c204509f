using Banking.Servers.Tracing;

namespace Banking.Simulations.Tests.PowerLoss;

/// <summary>What the silo promised: a POST that it answered with success, or, without a request, that it has drained.</summary>
internal sealed record Answer(SystemCall? Request, SystemCall Sent)
{
    /// <summary>Everything that was acknowledged before is said to be in the lake.</summary>
    public bool IsFlush => Request is null || Request.Texts[0].StartsWith("POST /v1/lake/flush ", StringComparison.Ordinal);

    public bool IsAction => Request is not null && Request.Texts[0].StartsWith("POST /v1/accounts", StringComparison.Ordinal);

    /// <summary>All of a trace, in the order in which they were sent.</summary>
    public static IReadOnlyList<Answer> Of(IReadOnlyList<SystemCall> calls)
    {
        var answers = new List<Answer>();
        var requests = new Dictionary<string, SystemCall>();
        foreach (var call in calls)
        {
            if (call.Texts is not [var text, ..]) continue;
            if (call.IsReceive && text.StartsWith("POST ", StringComparison.Ordinal)) requests[call.File] = call;
            if (call.IsWrite && text.Contains("Drained: everything acknowledged is in the lake", StringComparison.Ordinal))
            {
                answers.Add(new Answer(null, call));
            }
            if (
                call.IsSend
                    && text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && requests.Remove(call.File, out var request)
                    && text[9] == '2')
                answers.Add(new Answer(request, call));
        }

        return answers;
    }
}
