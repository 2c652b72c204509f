using System.Text.Json.Serialization;

namespace Banking.Client.Compacting;

/// <summary>The answer of <c>/v1/lake/compact</c>.</summary>
/// <param name="State"><c>none</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
internal sealed record CompactionState(
    string Id,
    string State,
    double Seconds,
    int? Days,
    int DaysDone,
    string? Now,
    long RowsWritten,
    int DaysCompacted,
    int FilesBefore,
    int FilesAfter,
    long BytesBefore,
    long BytesAfter,
    long Rows,
    int Removed,
    IReadOnlyList<string> Skipped,
    string? Failure)
{
    public bool IsRunning => State == "running";
}

/// <summary>Why the bank refuses.</summary>
internal sealed record CompactionProblem(string Detail, string Code);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CompactionState))]
[JsonSerializable(typeof(CompactionProblem))]
internal sealed partial class CompactionJson : JsonSerializerContext;
