using System.Text.Json.Serialization.Metadata;

namespace Banking.Silo.Http.V1;

/// <summary>Reads the requests of the resource API, which are the types of its document.</summary>
internal static class V1Request
{
    private static readonly V1Json Json = new(RequestBody.OptionsLike(V1Json.Default.Options));

    /// <inheritdoc cref="RequestBody.ReadAsync"/>
    public static ValueTask<(T? Body, string? Fault)> ReadAsync<T>(HttpContext http)
        where T : class =>
        RequestBody.ReadAsync(http.Request, (JsonTypeInfo<T>)Json.GetTypeInfo(typeof(T))!, http.RequestAborted);
}
