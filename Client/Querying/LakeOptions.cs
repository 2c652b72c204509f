using System.CommandLine;
using Banking.Client.Engines.Presto;
using Banking.Client.Terminals;

namespace Banking.Client.Querying;

/// <summary>The options of a command that reads the lake. An option takes precedence over the environment's setting.</summary>
internal sealed class LakeOptions
{
    public const string UrlVariable = "Banking__Presto__Url";
    public const string UserVariable = "Banking__Presto__User";
    public const string PasswordVariable = "Banking__Presto__Password";
    public const string DatabaseVariable = "Banking__Hive__Database";

    private readonly Terminal _terminal;
    private readonly Option<string> _folder = CommonOptions.Lake();

    private readonly Option<Uri?> _url = new("--presto")
    {
        Description = $"Ask the Presto there instead of reading the lake's folder (default: {UrlVariable} of the environment).",
        HelpName = "http://host:port",
        CustomParser = result =>
        {
            var url = PrestoServer.ParseUrl(result.Tokens[0].Value, out var problem);
            if (problem is not null) result.AddError($"--presto {problem}");
            return url;
        },
    };

    private readonly Option<string?> _user = new("--presto-user")
    {
        Description =
            $"Who asks Presto (default: {UserVariable}, else the user of this machine). The password is {PasswordVariable} of the "
                + "environment, or is asked for.",
        HelpName = "name",
    };

    private readonly Option<bool> _askPassword = new(
        "--presto-ask-password")
    { Description = "Ask for the user's password; sent over https only." };

    private readonly Option<string> _catalog =
        new("--presto-catalog")
        {
            Description = "Presto's catalog of the Hive metastore.",
            HelpName = "name",
            DefaultValueFactory = _ => "hive"
        };

    private readonly Option<string?> _schema = new("--presto-schema")
    {
        Description = $"The database of the lake's tables (default: {DatabaseVariable}, else default).",
        HelpName = "name",
    };

    public LakeOptions(Command command, Terminal terminal)
    {
        _terminal = terminal;
        foreach (var option in new Option[] { _folder, _url, _user, _askPassword, _catalog, _schema }) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_folder) is { Implicit: false } && result.GetResult(_url) is { Implicit: false })
                result.AddError("--lake and --presto exclude each other.");
        });
    }

    /// <exception cref="CommandFailedException">The options or settings can't be used.</exception>
    public async Task<LakePlace> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = parsed.GetRequiredValue(_folder);
        var folderIsMeant = parsed.GetResult(_folder) is { Implicit: false };
        if ((parsed.GetValue(_url) ?? (folderIsMeant ? null : UrlOfEnvironment())) is not { } url) return new LakePlace(folder, null);

        var server = new PrestoServer
        {
            Url = url,
            User = parsed.GetValue(_user) ?? _terminal.Variable(UserVariable) ?? Environment.UserName,
            Password = parsed.GetValue(_askPassword) ? await AskAsync(url, cancellationToken) : _terminal.Variable(PasswordVariable),
            Catalog = parsed.GetRequiredValue(_catalog),
            Schema = parsed.GetValue(_schema) ?? _terminal.Variable(DatabaseVariable) ?? "default",
        };
        if (server.Problem() is { } problem) throw Unusable(problem);
        return new LakePlace(folder, server);
    }

    private Uri? UrlOfEnvironment()
    {
        if (_terminal.Variable(UrlVariable) is not { } text) return null;
        var url = PrestoServer.ParseUrl(text, out var problem);
        return problem is null ? url : throw Unusable($"{UrlVariable} {problem}");
    }

    private async Task<string> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        if (url.Scheme != Uri.UriSchemeHttps) throw Unusable(PrestoServer.HttpsOnly(url));
        if (_terminal.AskSecret is not { } ask)
        {
            throw Unusable($"--presto-ask-password needs a terminal; set {PasswordVariable} in the environment instead.");
        }
        return await ask("Password for Presto:", cancellationToken);
    }

    private static CommandFailedException Unusable(string sentence) => new(sentence) { ExitCode = ExitCodes.Usage };
}

/// <summary>Where the lake is read from.</summary>
/// <param name="Folder">Its folder on this machine.</param>
/// <param name="Presto">The Presto server that answers instead; null if DuckDB in this process reads the folder.</param>
internal sealed record LakePlace(string Folder, PrestoServer? Presto);
