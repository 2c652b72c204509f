using Banking.Lake.Chains;
using Banking.Lake.Files;
using Banking.Sink.Settings;

namespace Banking.Sink.Writers;

/// <summary>Decides when waiting rows become a file. Pure. (A new day makes one too: see <see cref="DayRule"/>.)</summary>
internal sealed record RollPolicy(int MaxRows, long MaxBytes, TimeSpan MaxAge, TimeSpan MaxIdle)
{
    public static RollPolicy From(LakeSinkOptions options) => new(options.MaxRows, options.MaxBytes, options.MaxAge, options.MaxIdle);

    public bool IsFull(int rows, long bytes) => rows >= MaxRows || bytes >= MaxBytes;

    /// <param name="opened">When the first row came.</param>
    /// <param name="touched">When the last row came.</param>
    public bool IsDue(DateTimeOffset opened, DateTimeOffset touched, DateTimeOffset now) =>
        now - opened >= MaxAge || now - touched >= MaxIdle;

    public bool IsFull(RowBuffer rows) => IsFull(rows.Count, rows.SettledBytes);

    public bool IsDue(RowBuffer rows, DateTimeOffset now) => IsDue(rows.Opened, rows.Touched, now);
}
