using System.Globalization;
using Banking.Lake.Files;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>
/// The log's last offsets may be no records (a transaction's marker), so that nothing of them ever comes with the stream: whoever waits
/// for the log's end would wait for ever. A sink that stands still below the end asks the log what is there. Where another producer's
/// transaction is open, reading ends before the log does, and there is nothing to do but wait and say so. Belongs to one
/// <see cref="PartitionSink"/>.
/// </summary>
internal sealed partial class LogHoles(PartitionServices services, ChainId chain)
{
    private long _tickedAt = -1;
    private long _recordWaitsAt = -1;

    /// <summary>The transaction that nothing can be read behind; null if there is none.</summary>
    public OpenTransaction? Transaction { get; private set; }

    /// <summary>
    /// Why nothing of the log is taken in though there is more; null if that is not so, or only since a moment: transactions come and go.
    /// </summary>
    public string? LastingTransaction =>
        Transaction is { } open && services.Time.GetElapsedTime(open.Since) >= OpenTransaction.SaidAfter ? open.Sentence(chain) : null;

    /// <summary>
    /// Looks what is in the log where a sink stands. Called about once a second; asks the log only where the sink stands still.
    /// </summary>
    /// <param name="from">The first offset not yet taken in.</param>
    /// <returns>Where reading goes on, and where the log ended before; null if there is nothing to see.</returns>
    public async Task<(long Next, long End)?> LookAsync(long from, CancellationToken cancellationToken)
    {
        var standsStill = _tickedAt == from;
        _tickedAt = from;
        if (!standsStill) EndTransaction(from);
        if (!standsStill || _recordWaitsAt == from) return null;
        try
        {
            var end = (await services.Log.GetBoundsAsync(chain.Partition, cancellationToken)).Next;
            if (end <= from) return null;
            await using var reader = await services.Log.OpenReaderAsync(chain.Partition, from, cancellationToken);
            var records = await reader.ReadAsync(1, cancellationToken);
            if (records.Count == 0) return (reader.NextOffset, end);
            _recordWaitsAt = from;
            return (from, from);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The stream says loudly enough that its log can't be read.
            LogNotRead(services.Logger, e, chain, from);
            return null;
        }
    }

    /// <summary>
    /// Notes what <see cref="LookAsync"/> found. The reader found its end after the log was asked for its own: what lies between can't be
    /// read.
    /// </summary>
    /// <param name="next">The first offset not yet taken in.</param>
    public void Note((long Next, long End) found, long next)
    {
        if (found.Next < found.End) MeetTransaction(new OpenTransaction(next, found.End, services.Time.GetTimestamp()));
        else EndTransaction(long.MaxValue);
    }

    private void MeetTransaction(OpenTransaction seen)
    {
        if (Transaction is { } before && before.At == seen.At) seen = seen with { Since = before.Since, IsSaid = before.IsSaid };
        Transaction = seen;
        if (seen.IsSaid || LastingTransaction is not { } sentence) return;
        Transaction = seen with { IsSaid = true };
        LogTransactionOpen(services.Logger, sentence);
    }

    /// <summary>It is over if the sink stands beyond it.</summary>
    private void EndTransaction(long next)
    {
        if (Transaction is not { } open || next <= open.At) return;
        Transaction = null;
        if (open.IsSaid) LogTransactionOver(services.Logger, chain, open.At);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Chain}: what is in the log from offset {Offset} on can't be read; trying again.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ChainId chain, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private static partial void LogTransactionOpen(ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: the transaction at offset {Offset} is over, and the log is taken in "
        + "again.")]
    private static partial void LogTransactionOver(ILogger logger, ChainId chain, long offset);
}

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
