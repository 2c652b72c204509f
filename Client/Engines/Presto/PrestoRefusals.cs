using System.Net;
using Banking.Client.Terminals;

namespace Banking.Client.Engines.Presto;

/// <summary>What answers that are not pages mean.</summary>
internal static class PrestoRefusals
{
    private const int LongestReason = 300;

    public static async Task<Exception> OfAsync(
        PrestoServer server, HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        switch (response.StatusCode)
        {
            case HttpStatusCode.ServiceUnavailable:
                // Presto's way of saying "ask again": nothing was started.
                return new PrestoAwayException($"Presto at {server.Url} is not available: it answered with 503.", NotTaken: true);
            case HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout:
                return new PrestoAwayException(
                    $"Presto at {server.Url} is not available: what stands before it answered with {status}.", NotTaken: false);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                var advice = server.Password is null
                    ? " without a password: set Banking__Presto__Password in the environment, or use --presto-ask-password"
                    : " or the password";
                return new CommandFailedException($"Presto at {server.Url} does not take the user {server.User}{advice} ({status}).");
            case HttpStatusCode.NotFound or HttpStatusCode.Gone when request.Method == HttpMethod.Get:
                return new CommandFailedException(
                    $"Presto at {server.Url} no longer knows the query ({status}): it was started anew, or a person ended it.");
            case >= HttpStatusCode.MovedPermanently and < HttpStatusCode.BadRequest:
                return NotPresto(server, $"sends on to {response.Headers.Location} ({status}); give that address if it is Presto's");
            default:
                return NotPresto(
                    server,
                    $"answered {request.Method} {request.RequestUri!.AbsolutePath} with "
                        + $"{status}{await ReasonAsync(response, cancellationToken)}");
        }
    }

    public static CommandFailedException NotPresto(PrestoServer server, string what, Exception? cause = null) =>
        new($"What listens at {server.Url} does not speak as Presto's coordinator does: it {what}.", cause);

    // Presto itself says in plain text what is wrong with a request.
    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/plain") return "";
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var buffer = new char[LongestReason];
        var read = await reader.ReadBlockAsync(buffer, cancellationToken);
        var line = new string(buffer, 0, read).Split('\n', 2)[0].Trim().TrimEnd('.');
        return line.Length == 0 ? "" : $": {line}";
    }
}

/// <summary>Presto is unavailable for now.</summary>
/// <param name="NotTaken">Whether the request was certainly not started.</param>
internal sealed class PrestoAwayException(string sentence, bool NotTaken, Exception? cause = null) : Exception(sentence, cause)
{
    public bool NotTaken { get; } = NotTaken;
}
