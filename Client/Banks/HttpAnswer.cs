using System.Text.Json;
using System.Text.Json.Serialization;
using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>Reads the body of an answer to an action without building a document. Pure.</summary>
internal static class HttpAnswer
{
    /// <summary>Reads a success body or a problem body; null if it names no code that an action can have.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static BankAnswer? Read(ReadOnlySpan<byte> body, bool replayed)
    {
        var reader = new Utf8JsonReader(body);
        ActionCode? code = null;
        long sequenceNumber = 0;
        decimal amount = 0, cashBalance = 0, unitPrice = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("code"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || !ActionCodes.TryParse(reader.ValueSpan, out var known)) return null;
                code = known;
            }
            else if (reader.ValueTextEquals("sequence_number"u8)) sequenceNumber = Next(ref reader).GetInt64();
            else if (reader.ValueTextEquals("amount"u8)) amount = Next(ref reader).GetDecimal();
            else if (reader.ValueTextEquals("cash_balance"u8)) cashBalance = Next(ref reader).GetDecimal();
            else if (reader.ValueTextEquals("unit_price"u8)) unitPrice = Next(ref reader).GetDecimal();
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return code is { } done ? new BankAnswer(done, sequenceNumber, amount, cashBalance, unitPrice, replayed) : null;
    }

    private static ref Utf8JsonReader Next(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.Number) throw new JsonException("A number was expected.");
        return ref reader;
    }
}

/// <summary>The bodies of the HTTP API that are read as a whole.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AccountStatement))]
[JsonSerializable(typeof(AssetPrice[]))]
internal sealed partial class BankJson : JsonSerializerContext;
