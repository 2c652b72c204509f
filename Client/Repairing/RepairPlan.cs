using System.Text.Json.Serialization;

namespace Banking.Client.Repairing;

/// <summary>The answer of <c>/v1/repair</c>.</summary>
internal sealed record RepairPlan(bool Applied, IReadOnlyList<RepairItem> Findings);

/// <param name="Part">What it concerns.</param>
/// <param name="Missing">What is missing, a sentence.</param>
/// <param name="Remedy">What a repair does about it, or why it can't; a sentence.</param>
internal sealed record RepairItem(string Part, string Missing, string Remedy, bool CanMend, bool Done);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RepairPlan))]
internal sealed partial class RepairJson : JsonSerializerContext;
