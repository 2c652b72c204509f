using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Banking.Client.Engines.Presto;

/// <summary>One answer of the statement protocol (https://prestodb.io/docs/current/develop/client-protocol.html).</summary>
/// <param name="NextUri">The URL of the next answer; null in the last one.</param>
/// <param name="Columns">The columns, known from some answer on, which may have no rows.</param>
/// <param name="Data">The rows, each an array of values.</param>
internal sealed record PrestoPage(
    string Id,
    PrestoStats Stats,
    Uri? NextUri = null,
    IReadOnlyList<JsonElement>? Columns = null,
    JsonElement? Data = null,
    PrestoError? Error = null);

internal sealed record PrestoStats(
    string State, long TotalSplits = 0, long CompletedSplits = 0, long ProcessedRows = 0, long ProcessedBytes = 0)
{
    /// <summary>The state for people.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{State.ToLowerInvariant().Replace('_', ' ')}: {CompletedSplits:N0} of {TotalSplits:N0} splits, {ProcessedRows:N0} rows, "
            + $"{ProcessedBytes / 1e6:N1} MB");
}

internal sealed record PrestoError(string Message, string ErrorName = "", PrestoErrorLocation? ErrorLocation = null)
{
    /// <summary>The sentence for a person: Presto's own, with the error's name, and with its place if the sentence lacks it.</summary>
    public string Sentence()
    {
        var place = ErrorLocation is null || Message.StartsWith("line ", StringComparison.Ordinal)
            ? ""
            : $"line {ErrorLocation.LineNumber}:{ErrorLocation.ColumnNumber}: ";
        return $"{place}{Message}{(ErrorName.Length == 0 ? "" : $" ({ErrorName})")}";
    }
}

internal sealed record PrestoErrorLocation(int LineNumber, int ColumnNumber);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PrestoPage))]
internal sealed partial class PrestoJson : JsonSerializerContext;
