using System.Text.Json;
using Banking.Lake;

namespace Banking.Silo.Http.V1;

internal sealed record CompactionReply(
    string Id,
    string State,
    bool Scheduled,
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
    public static CompactionReply Of(CompactionStatus s) => new(
        s.Id,
        NameOf(s.State),
        s.Scheduled,
        Math.Round(s.Seconds, 3),
        s.Days,
        s.DaysDone,
        s.Now,
        s.RowsWritten,
        s.DaysSwitched,
        s.FilesBefore,
        s.FilesAfter,
        s.BytesBefore,
        s.BytesAfter,
        s.Rows,
        s.Removed,
        s.Skipped,
        s.Failure);

    public static string NameOf(CompactionState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
