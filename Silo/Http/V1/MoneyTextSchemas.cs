using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>Adds to a document schemas of replies with money as strings, beside those with money as numbers.</summary>
internal sealed class MoneyTextSchemas(OpenApiDocument document)
{
    private const string Suffix = "WithMoneyText";

    private readonly Dictionary<string, IOpenApiSchema?> _done = [];

    /// <summary>The schema with strings.</summary>
    /// <returns>Null if the schema has no money.</returns>
    public IOpenApiSchema? Of(IOpenApiSchema? schema) => schema switch
    {
        OpenApiSchemaReference { Reference.Id: { } id } => OfComponent(id),
        OpenApiSchema { Format: Schemas.DecimalFormat } money => Schemas.DecimalText(money),
        OpenApiSchema inline => OfParts(inline),
        _ => null,
    };

    private IOpenApiSchema? OfComponent(string id)
    {
        if (_done.TryGetValue(id, out var known)) return known;
        var text = Of(document.Components!.Schemas![id]);
        if (text is not null) document.AddComponent(id + Suffix, text);
        return _done[id] = text is null ? null : new OpenApiSchemaReference(id + Suffix, document);
    }

    private OpenApiSchema? OfParts(OpenApiSchema schema)
    {
        var items = Of(schema.Items);
        var properties = schema.Properties?.ToDictionary(p => p.Key, p => (Schema: p.Value, Text: Of(p.Value)));
        if (items is null && properties?.Values.Any(p => p.Text is not null) is not true) return null;
        var copy = (OpenApiSchema)schema.CreateShallowCopy();
        copy.Metadata = null;
        if (items is not null) copy.Items = items;
        copy.Properties = properties?.ToDictionary(p => p.Key, p => p.Value.Text ?? p.Value.Schema);
        return copy;
    }
}
