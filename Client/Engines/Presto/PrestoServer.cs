using System.Text;
using Banking.Client.Terminals;

namespace Banking.Client.Engines.Presto;

/// <summary>A Presto coordinator, and who asks it. No record: its text would tell the password.</summary>
internal sealed class PrestoServer
{
    /// <summary><c>http://host:port</c> or <c>https://host:port</c>.</summary>
    public required Uri Url { get; init; }

    public required string User { get; init; }

    /// <summary>Null: none is sent.</summary>
    public string? Password { get; init; }

    public required string Catalog { get; init; }

    public required string Schema { get; init; }

    /// <summary>Basic authentication's word for user and password; null without a password.</summary>
    public string? Credentials => Password is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    /// <returns>A sentence that says why this can't be used; null if it can.</returns>
    public string? Problem()
    {
        if (Password is not null && Url.Scheme != Uri.UriSchemeHttps) return HttpsOnly(Url);
        // RFC 7617: what stands before the first colon is the user.
        if (Password is not null && User.Contains(':', StringComparison.Ordinal))
        {
            return "A user with a password must have no colon in the name.";
        }
        // Header fields hold visible ASCII; anything else would reach Presto as something different.
        return new[] { User, Catalog, Schema }.FirstOrDefault(word => word.Length == 0 || word.Any(c => c is <= ' ' or > '~')) is { } bad
            ? $"'{bad}' is no user, catalog or schema for Presto: it must be plain ASCII without spaces."
            : null;
    }

    public static string HttpsOnly(Uri url) => $"A password is sent over https only, and Presto is at {url}";

    /// <summary>Reads an address that a person gave.</summary>
    /// <param name="problem">Why it is none, as the end of a sentence that begins with the setting's name; does not hold what may be a
    /// password.</param>
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
/// The lake's tables as Presto sees them. What a user may read is Presto's to say; that a statement only reads is looked at here.
/// </summary>
internal sealed class PrestoLake(PrestoServer server, Terminal terminal, TimeText times) : IQueryEngine
{
    private readonly PrestoClient _client = new(server, terminal.Time);
    private readonly QueryProgress _progress = new(terminal);

    public async ValueTask<IQueryResult> RunAsync(string sql, CancellationToken cancellationToken) =>
        await PrestoResult.RunAsync(_client, PrestoStatement.Of(sql), new PrestoText(times), _progress, cancellationToken);

    public void Dispose() => _client.Dispose();
}
