using System.Net;
using Banking.Client.Terminals;
using Banking.Client.Typing;

namespace Banking.Client.Banks;

internal static class BankConnectors
{
    /// <summary>Connects through gateways if any are named, otherwise over HTTP.</summary>
    /// <exception cref="CommandFailedException">No gateway answers, or the certificate for them can't be used.</exception>
    public static async Task<IBankConnector> ConnectAsync(
        IReadOnlyList<Uri> urls,
        IReadOnlyList<DnsEndPoint> gateways,
        Terminal terminal,
        AnswerWatch watch,
        CancellationToken cancellationToken) =>
        gateways.Count == 0
            ? new HttpBankConnector(urls, terminal.Time, BankKey.Of(terminal))
            : await watch.AskAsync<IBankConnector>(async () =>
                await GatewayBankConnector.ConnectAsync(gateways, GatewayTls.Of(terminal), terminal.Time, cancellationToken));

    /// <summary>Makes a watch over the bank that a command asks.</summary>
    /// <param name="quiet">Whether something else shows what is wrong.</param>
    public static AnswerWatch Watch(
        IReadOnlyList<Uri> urls, IReadOnlyList<DnsEndPoint> gateways, Terminal terminal, Func<bool>? quiet = null) =>
        Watch(urls, gateways, terminal.Time, sentence =>
        {
            if (quiet?.Invoke() != true) terminal.Error.WriteLine(ShownText.Line(sentence));
        });

    /// <param name="say">Gets the sentences, one at a time; they may contain text that others wrote.</param>
    public static AnswerWatch Watch(IReadOnlyList<Uri> urls, IReadOnlyList<DnsEndPoint> gateways, TimeProvider time, Action<string> say)
    {
        var names = gateways.Count == 0 ? urls.Select(BankUrls.RootOf) : gateways.Select(gateway => $"{gateway.Host}:{gateway.Port}");
        return new AnswerWatch(string.Join(", ", names), say, time);
    }
}
