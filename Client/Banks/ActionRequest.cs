using System.Net;
using System.Text.Json;
using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>
/// How each action is asked over HTTP: method, path under the account, body. Pure but for the buffer it owns and fills anew.
/// </summary>
internal sealed class ActionRequest : IDisposable
{
    private readonly MemoryStream _body = new(256);
    private readonly Utf8JsonWriter _writer;

    public ActionRequest()
    {
        _writer = new Utf8JsonWriter(_body, new JsonWriterOptions { SkipValidation = true });
        Content = new BodyContent(_body);
    }

    /// <summary>The body of the action written last; meant to be sent before the next one is written.</summary>
    public HttpContent Content { get; }

    /// <returns>The method, and the path with its query.</returns>
    public (HttpMethod Method, string Path) Write(string accountId, AccountAction action)
    {
        _body.SetLength(0);
        _writer.Reset();
        _writer.WriteStartObject();
        var (method, path) = Fill(accountId, action);
        _writer.WriteEndObject();
        _writer.Flush();
        // Left to itself the header would keep the first length it was asked for.
        Content.Headers.ContentLength = _body.Length;
        return (method, path);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _body.Dispose();
        Content.Dispose();
    }

    private (HttpMethod Method, string Path) Fill(string accountId, AccountAction action)
    {
        switch (action)
        {
            case OpenAccount open:
                _writer.WriteString("account_id"u8, accountId);
                _writer.WriteString("full_name"u8, open.FullName);
                return (HttpMethod.Post, "/v1/accounts");
            case DeleteAccount delete:
                return (HttpMethod.Delete, PathOf(accountId, "?full_name=" + Uri.EscapeDataString(delete.FullName)));
            case Deposit deposit:
                _writer.WriteNumber("amount"u8, deposit.Amount);
                return (HttpMethod.Post, PathOf(accountId, "/deposits"));
            case Withdraw withdraw:
                _writer.WriteNumber("amount"u8, withdraw.Amount);
                return (HttpMethod.Post, PathOf(accountId, "/withdrawals"));
            case BuyAsset buy:
                WriteOrder(buy.AssetName, buy.Quantity, buy.LimitPrice);
                return (HttpMethod.Post, PathOf(accountId, "/purchases"));
            case SellAsset sell:
                WriteOrder(sell.AssetName, sell.Quantity, sell.LimitPrice);
                return (HttpMethod.Post, PathOf(accountId, "/sales"));
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "The HTTP API has no such action.");
        }
    }

    private void WriteOrder(string assetName, long quantity, decimal? limitPrice)
    {
        _writer.WriteString("asset_name"u8, assetName);
        _writer.WriteNumber("quantity"u8, quantity);
        if (limitPrice is { } limit) _writer.WriteNumber("limit_price"u8, limit);
    }

    private static string PathOf(string accountId, string rest) => string.Concat("/v1/accounts/", Uri.EscapeDataString(accountId), rest);

    /// <summary>Sends what the buffer holds at that moment, so that one instance serves every request of a connection.</summary>
    private sealed class BodyContent : HttpContent
    {
        private readonly MemoryStream _body;

        public BodyContent(MemoryStream body)
        {
            _body = body;
            Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            stream.WriteAsync(_body.GetBuffer(), 0, (int)_body.Length, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
