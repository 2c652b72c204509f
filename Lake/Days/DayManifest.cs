using System.Text.Json;
using System.Text.Json.Serialization;

namespace Banking.Lake.Days;

/// <summary>
/// Says which folder is a compacted day: the newest manifest's. A small JSON file, named by its generation and committed as everything is,
/// by a rename that never overwrites: of two that go on from the same generation one wins.
/// </summary>
/// <param name="Generation">From 1.</param>
/// <param name="Folder">Relative to the lake's root.</param>
/// <param name="Rows">In the parts; those of late files that were copied beside them are not among them.</param>
/// <param name="Through">For each chain the last offset whose row, if the day has one, is in the parts. A file of the chain that starts
/// behind it is late.</param>
/// <param name="Parts">The merged files.</param>
internal sealed record DayManifest(
    long Generation, string Folder, long Rows, IReadOnlyDictionary<string, long> Through, IReadOnlyList<DayPart> Parts, DateTimeOffset Made)
{
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, DayManifestJson.Default.DayManifest);

    /// <exception cref="InvalidDataException">These bytes are no manifest.</exception>
    public static DayManifest Decode(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, DayManifestJson.Default.DayManifest) ?? throw new InvalidDataException(
                $"{path} holds no manifest.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} holds no manifest: {e.Message}", e);
        }
    }
}

/// <param name="Name">Without its folder.</param>
internal sealed record DayPart(string Name, long Rows, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DayManifest))]
internal sealed partial class DayManifestJson : JsonSerializerContext;
