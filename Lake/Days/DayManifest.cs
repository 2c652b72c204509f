using System.Text.Json;
using System.Text.Json.Serialization;

namespace Banking.Lake.Days;

/// <summary>
/// Says in which folder a compacted day is; the newest manifest counts. It is a small JSON file, named by its generation and committed like
/// everything else by a rename that never overwrites. So if two processes go on from the same generation, one of them wins.
/// </summary>
/// <param name="Generation">Counted from 1.</param>
/// <param name="Folder">Relative to the lake's root.</param>
/// <param name="Rows">How many rows are in the parts, not counting those of late files that were copied beside them.</param>
/// <param name="Through">For each chain, the last offset whose row, if the day has one, is in the parts. A file of the chain that starts
/// after it is late.</param>
/// <param name="Parts">The merged files.</param>
internal sealed record DayManifest(
    long Generation, string Folder, long Rows, IReadOnlyDictionary<string, long> Through, IReadOnlyList<DayPart> Parts, DateTimeOffset Made)
{
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, DayManifestJson.Default.DayManifest);

    /// <exception cref="InvalidDataException">The bytes are not a manifest.</exception>
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

/// <param name="Name">The name without its folder.</param>
internal sealed record DayPart(string Name, long Rows, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DayManifest))]
internal sealed partial class DayManifestJson : JsonSerializerContext;
