using System.Text.Json.Serialization;

namespace Banking.Client.Verifying;

/// <summary>A page of <c>GET /v1/ledgers</c>.</summary>
/// <param name="Next">The value of <c>after</c> for the next page; null at the end.</param>
internal sealed record LedgerPage(IReadOnlyList<LedgerLine> Ledgers, string? Next);

/// <summary>The books of one account as the bank reports them.</summary>
internal sealed record LedgerLine(
    string AccountId,
    bool IsOpen,
    long SequenceNumber,
    decimal Cash,
    decimal PaidIn,
    decimal PaidOut,
    decimal Spent,
    decimal Earned,
    IReadOnlyDictionary<string, long> Positions);

/// <summary>A line of a load's journal.</summary>
internal sealed record JournalLine(string ActionId, string AccountId, string Code, long SequenceNumber);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class VerifyJson : JsonSerializerContext;
