using System.CommandLine;
using System.Net.Http.Headers;
using Banking.Client.Terminals;

namespace Banking.Client.Banks;

/// <summary>
/// What the command line shows to a bank that asks who calls: a key of the bank, or a token. It comes from the environment, or from the
/// first line of a file; never from the command line itself, which other users of the machine see.
/// </summary>
internal static class BankKey
{
    public const string Variable = "Banking__Auth__Key";

    private const string OptionName = "--key-file";

    public static Option<string?> Option() => new(OptionName)
    {
        Description = $"A file with the bank's key, or a token, in its first line, for a bank that asks who calls. Default: {Variable} of "
            + "the environment.",
        HelpName = "file",
        Recursive = true,
    };

    /// <summary>Null if there is none.</summary>
    public static string? Of(Terminal terminal) => terminal.Variable(Variable);

    /// <summary>The terminal with the key of the file that the command line names; null if it names none.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static Terminal? FromFile(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue<string?>(OptionName) is not { } path) return null;
        var key = File.ReadLines(path).FirstOrDefault()?.Trim();
        if (string.IsNullOrEmpty(key))
            throw new CommandFailedException($"{path} has no key in its first line.") { ExitCode = ExitCodes.Usage };
        return terminal with { Variable = name => name == Variable ? key : terminal.Variable(name) };
    }

    /// <summary>What sends requests to the bank, with the key if there is one.</summary>
    public static HttpMessageInvoker CreateHttp(string? key) =>
        new(key is null ? HttpBankConnector.CreateHandler() : new Sender(new AuthenticationHeaderValue("Bearer", key)));

    private sealed class Sender(AuthenticationHeaderValue key) : DelegatingHandler(HttpBankConnector.CreateHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = key;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
