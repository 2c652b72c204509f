using System.Text.Json.Serialization;

namespace Banking.Lake.Identity;

/// <summary>What the files of a lake's identity hold.</summary>
internal sealed record IdentityFile(int Format)
{
    public string? Lake { get; init; }

    public string? Bank { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IdentityFile))]
internal sealed partial class IdentityJson : JsonSerializerContext;
