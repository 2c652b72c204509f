using System.Net;
using System.Text.Json;
using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>
/// How each action is requested over HTTP: method, path under the account, and body. Pure except for the buffer that it owns and refills.
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
        // By itself the header would keep the first length that it computed.
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
        var type = ActionTypes.Of(action);
        if (type == DeleteAccount.Type)
        {
            return (HttpMethod.Delete, PathOf(accountId, "?full_name=" + Uri.EscapeDataString(((DeleteAccount)action).FullName)));
        }

        if (type == OpenAccount.Type) _writer.WriteString("account_id"u8, accountId);
        WriteFields(type.FieldsOf(action));
        return (HttpMethod.Post, type.Collection is { } collection ? PathOf(accountId, "/" + collection) : "/v1/accounts");
    }

    private void WriteFields(in ActionFields fields)
    {
        if (fields.FullName is { } name) _writer.WriteString(ActionFieldNames.Of(ActionField.FullName), name);
        if (fields.Issuer is { } issuer) _writer.WriteString(ActionFieldNames.Of(ActionField.Issuer), issuer);
        if (fields.Subject is { } subject) _writer.WriteString(ActionFieldNames.Of(ActionField.Subject), subject);
        if (fields.Amount is { } amount) _writer.WriteNumber(ActionFieldNames.Of(ActionField.Amount), amount);
        if (fields.AssetName is { } asset) _writer.WriteString(ActionFieldNames.Of(ActionField.AssetName), asset);
        if (fields.Quantity is { } quantity) _writer.WriteNumber(ActionFieldNames.Of(ActionField.Quantity), quantity);
        if (fields.LimitPrice is { } limit) _writer.WriteNumber(ActionFieldNames.Of(ActionField.LimitPrice), limit);
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
