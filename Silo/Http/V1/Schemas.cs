using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Banking.Accounts;
using Banking.Lake;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>Adds to the document's schemas what the serializer's contract does not say.</summary>
internal static class Schemas
{
    /// <summary>An exact number with decimal places; not every one fits into a double.</summary>
    public const string DecimalFormat = "decimal";

    public static OpenApiSchema Text(int minLength, int maxLength) =>
        new() { Type = JsonSchemaType.String, MinLength = minLength, MaxLength = maxLength };

    public static OpenApiSchema OneOf(IEnumerable<string> values) =>
        new() { Type = JsonSchemaType.String, Enum = [.. values.Select(v => (JsonNode)v)] };

    public static OpenApiSchema DecimalText(OpenApiSchema number) => new()
    {
        Type = JsonSchemaType.String | (number.Type & JsonSchemaType.Null),
        Pattern = @"^-?[0-9]+(\.[0-9]+)?$",
        Description = number.Description,
    };

    /// <summary>The name by which schemas refer to a type's schema; null if it is written inline, as it depends on the property.</summary>
    public static string? NameOf(JsonTypeInfo type) =>
        type.Type == typeof(NumberText) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary>The schema of a body that has only some of the type's codes.</summary>
    public static OpenApiSchemaReference WithCodes(
        IOpenApiSchema? type, IEnumerable<string> codes, OpenApiDocument document)
    {
        // Placed beside the reference, where JSON Schema 2020-12 combines the two: generators ignore it and make one class for all
        // problems.
        var narrowed = new OpenApiSchemaReference(((OpenApiSchemaReference)type!).Reference.Id!, document);
        narrowed.Reference.Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = new OpenApiSchema { Enum = Values(codes) } };
        return narrowed;
    }

    public static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(decimal)) schema.Format = DecimalFormat;
        if (type == typeof(NumberText) && context.JsonPropertyInfo is { } number) CompleteNumber(schema, number);
        var isComponent = context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && context.JsonPropertyInfo is null;
        if (isComponent && schema.Properties is not null) CompleteObject(schema, context.JsonTypeInfo);
        return Task.CompletedTask;
    }

    private static void CompleteNumber(OpenApiSchema schema, JsonPropertyInfo property)
    {
        var isWhole = property.AttributeProvider!.IsDefined(typeof(WholeAttribute), inherit: false);
        (schema.Type, schema.Format) = isWhole ? (JsonSchemaType.Integer, "int64") : (JsonSchemaType.Number, DecimalFormat);
        if (MayBeAbsent(property)) schema.Type |= JsonSchemaType.Null;
        var described = property.AttributeProvider.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false);
        schema.Description = described.OfType<DescriptionAttribute>().SingleOrDefault()?.Description;
    }

    // Every property is always written; in a request, properties with a default may be left out.
    private static void CompleteObject(OpenApiSchema schema, JsonTypeInfo type)
    {
        schema.Required = type.Properties.Where(p => !MayBeAbsent(p)).Select(p => p.Name).ToHashSet();
        if (type.Type == typeof(ProblemReply)) Restrict(schema, "code", Problems.All.Select(p => p.Code).Concat(Refused).Distinct());
        if (type.Type == typeof(ActionReply)) Restrict(schema, "code", [Refusals.NameOf(ActionCode.Done)]);
        if (type.Type != typeof(CompactionReply)) return;
        Restrict(schema, "state", Enum.GetValues<CompactionState>().Select(CompactionReply.NameOf));
    }

    private static bool MayBeAbsent(JsonPropertyInfo property) => property.AssociatedParameter is { HasDefaultValue: true };

    private static IEnumerable<string> Refused =>
        Enum.GetValues<ActionCode>().Where(code => code != ActionCode.Done).Select(Refusals.NameOf);

    private static void Restrict(OpenApiSchema schema, string property, IEnumerable<string> values) =>
        ((OpenApiSchema)schema.Properties![property]).Enum = Values(values);

    private static List<JsonNode> Values(IEnumerable<string> values) => [.. values.Order(StringComparer.Ordinal).Select(v => (JsonNode)v)];
}
