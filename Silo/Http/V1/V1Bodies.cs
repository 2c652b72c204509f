using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Banking.Silo.Http.V1;

/// <summary>Writes the replies of the resource API, which are the types of its document.</summary>
internal static class V1Reply
{
    public static Task WriteAsync<T>(
        HttpContext http,
        T reply,
        Func<V1Json, JsonTypeInfo<T>> type,
        int status = StatusCodes.Status200OK,
        string mediaType = "application/json; charset=utf-8")
    {
        var moneyAsText = MoneyText.IsAskedFor(http.Request);
        var body = JsonSerializer.SerializeToUtf8Bytes(reply, type(moneyAsText ? MoneyText.Json : V1Json.Default));
        return Reply.BytesAsync(http, status, moneyAsText ? MoneyText.MediaType : mediaType, body);
    }
}

/// <summary>Reads the requests of the resource API, which are the types of its document.</summary>
internal static class V1Request
{
    private static readonly V1Json Json = new(RequestBody.OptionsLike(V1Json.Default.Options));

    /// <inheritdoc cref="RequestBody.ReadAsync"/>
    public static ValueTask<(T? Body, string? Fault)> ReadAsync<T>(HttpContext http)
        where T : class =>
        RequestBody.ReadAsync(http.Request, (JsonTypeInfo<T>)Json.GetTypeInfo(typeof(T))!, http.RequestAborted);
}
