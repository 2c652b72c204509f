using System.Collections.Immutable;
using System.Text.Json;

namespace Banking.Client.Engines.Presto;

/// <summary>A column's type as the statement protocol describes it.</summary>
/// <param name="Name">The name without what is in brackets: <c>decimal</c>, <c>row</c>.</param>
/// <param name="Arguments">For an array, a map or a row: the types in it.</param>
/// <param name="FieldNames">For a row: the name of each field, null for a field without one.</param>
internal sealed record PrestoType(string Name, ImmutableArray<PrestoType> Arguments, ImmutableArray<string?> FieldNames)
{
    /// <summary>Used if a server does not tell the type: values are shown as JSON.</summary>
    public static PrestoType Unknown { get; } = new("", [], []);

    public bool IsNumeric => Name is "tinyint" or "smallint" or "integer" or "bigint" or "real" or "double" or "decimal";

    public PrestoType this[int argument] => argument < Arguments.Length ? Arguments[argument] : Unknown;

    /// <param name="column">An element of <c>columns</c>.</param>
    public static PrestoType OfColumn(JsonElement column) =>
        column.TryGetProperty("typeSignature", out var signature) ? OfSignature(signature) : OfText(
            column.GetProperty("type").GetString()!);

    private static PrestoType OfSignature(JsonElement signature) => new(
        signature.GetProperty("rawType").GetString()!,
        [.. Items(signature, "typeArguments").Select(OfSignature)],
        [.. Items(signature, "literalArguments").Select(name => name.ValueKind == JsonValueKind.String ? name.GetString() : null)]);

    private static PrestoType OfText(string text) => new(text.Split('(', 2)[0], [], []);

    private static JsonElement.ArrayEnumerator Items(JsonElement signature, string name) =>
        signature.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;
}
