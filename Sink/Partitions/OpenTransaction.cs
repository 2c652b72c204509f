using System.Globalization;
using Banking.Lake.Files;

namespace Banking.Sink.Partitions;

/// <summary>A transaction of another producer that is open in the log: what lies behind it can't be read before it ends. Pure.</summary>
/// <param name="At">Where reading ends.</param>
/// <param name="End">Where the log ended when that was seen.</param>
/// <param name="Since">A timestamp of the sink's clock.</param>
/// <param name="IsSaid">Whether the silo's log says it.</param>
internal readonly record struct OpenTransaction(long At, long End, long Since, bool IsSaid = false)
{
    /// <summary>Transactions come and go; one that lasts is said.</summary>
    public static readonly TimeSpan SaidAfter = TimeSpan.FromSeconds(10);

    public string Sentence(ChainId chain) => string.Create(
        CultureInfo.InvariantCulture,
        $"{chain}: an open transaction of another producer at offset {At} keeps {End - At} offsets, to {End - 1}, from being read; "
        + $"they are in the log and come into the lake when it is committed or aborted.");
}
