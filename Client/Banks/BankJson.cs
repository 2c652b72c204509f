using System.Text.Json.Serialization;
using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>The bodies of the HTTP API that are read whole.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AccountStatement))]
[JsonSerializable(typeof(AssetPrice[]))]
internal sealed partial class BankJson : JsonSerializerContext;
