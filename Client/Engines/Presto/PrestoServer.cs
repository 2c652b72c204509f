using System.Text;
using Banking.Client.Terminals;

namespace Banking.Client.Engines.Presto;

/// <summary>A Presto coordinator, and the user that asks it. It is not a record, as its text would contain the password.</summary>
internal sealed class PrestoServer
{
    /// <summary><c>http://host:port</c> or <c>https://host:port</c>.</summary>
    public required Uri Url { get; init; }

    public required string User { get; init; }

    /// <summary>The user's password; null if none is sent.</summary>
    public string? Password { get; init; }

    public required string Catalog { get; init; }

    public required string Schema { get; init; }

    /// <summary>User and password as basic authentication sends them; null without a password.</summary>
    public string? Credentials => Password is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    /// <returns>A sentence that says why this can't be used; null if it can.</returns>
    public string? Problem()
    {
        if (Password is not null && Url.Scheme != Uri.UriSchemeHttps) return HttpsOnly(Url);
        // RFC 7617: the part before the first colon is the user.
        if (Password is not null && User.Contains(':', StringComparison.Ordinal))
        {
            return "A user with a password must have no colon in the name.";
        }
        // Header fields contain visible ASCII; anything else would reach Presto changed.
        return new[] { User, Catalog, Schema }.FirstOrDefault(word => word.Length == 0 || word.Any(c => c is <= ' ' or > '~')) is { } bad
            ? $"'{bad}' is no user, catalog or schema for Presto: it must be plain ASCII without spaces."
            : null;
    }

    public static string HttpsOnly(Uri url) => $"A password is sent over https only, and Presto is at {url}";

    /// <summary>Reads an address that a person gave.</summary>
    /// <param name="problem">Why it is not valid, as the end of a sentence that begins with the setting's name; it contains nothing that
    /// may be a password.</param>
    public static Uri? ParseUrl(string text, out string? problem)
    {
        problem = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            problem = "must be http://host:port or https://host:port.";
        }
        else if (url.UserInfo.Length > 0)
        {
            problem = "must not hold a user or a password: set --presto-user, and Banking__Presto__Password in the environment.";
        }
        else if (url.PathAndQuery != "/" || url.Fragment.Length > 0)
        {
            problem = $"must end after the port, and not with '{url.PathAndQuery}{url.Fragment}'.";
        }

        return problem is null ? url : null;
    }
}

/// <summary>
/// The lake's tables as Presto sees them. What a user may read is up to Presto; whether a statement only reads is checked here.
/// </summary>
internal sealed class PrestoLake(PrestoServer server, Terminal terminal, TimeText times) : IQueryEngine
{
    private readonly PrestoClient _client = new(server, terminal.Time);
    private readonly QueryProgress _progress = new(terminal);

    public async ValueTask<IQueryResult> RunAsync(string sql, CancellationToken cancellationToken) =>
        await PrestoResult.RunAsync(_client, PrestoStatement.Of(sql), new PrestoText(times), _progress, cancellationToken);

    public void Dispose() => _client.Dispose();
}
