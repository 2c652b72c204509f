using System.Globalization;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Repair;
using Banking.Sink.Partitions;
using Banking.Streaming.Log;

namespace Banking.Sink.Repair;

/// <summary>
/// Finds partitions whose log lost records that the lake has read. The lake then goes on after the last record on which both agree, in new
/// chains that know the sequence numbers that the lake has. So nothing in the lake is lost, and no event is there twice.
/// </summary>
internal sealed class LogRepair(PartitionServices services) : IRepairPart
{
    public Task<IReadOnlyList<RepairFinding>> FindAsync(CancellationToken cancellationToken) => RunAsync(apply: false, cancellationToken);

    public Task<IReadOnlyList<RepairFinding>> ApplyAsync(CancellationToken cancellationToken) => RunAsync(apply: true, cancellationToken);

    private async Task<IReadOnlyList<RepairFinding>> RunAsync(bool apply, CancellationToken cancellationToken)
    {
        var findings = new List<RepairFinding>();
        for (var partition = 0; partition < services.Log.LatestPartitionCount; partition++)
        {
            if (await RunAsync(new ChainId(services.Log.LogId, partition), apply, cancellationToken) is { } finding) findings.Add(finding);
        }

        return findings;
    }

    private async Task<RepairFinding?> RunAsync(ChainId chain, bool apply, CancellationToken cancellationToken)
    {
        var stand = await LakeStand.ReadAsync(services, chain, cancellationToken);
        var bounds = await services.Log.GetBoundsAsync(chain.Partition, cancellationToken);
        if (await stand.FindContradictionAsync(services.Log, chain, cancellationToken) is null) return null;

        var lake = await DivergedRows.ReadAsync(stand.Chains, mark => AgreesAsync(chain, mark, cancellationToken), cancellationToken);
        if (!lake.IsWhole || (lake.Agreed is null && bounds.First > 0))
        {
            return new RepairFinding(chain.ToString(), Describe(lake, bounds), NoAgreement, CanMend: false, Done: false);
        }
        var next = await FindDivergenceAsync(chain, lake, bounds, cancellationToken);
        var missing = Describe(lake with { Rows = [.. lake.Rows.Where(row => row.Offset >= next)] }, bounds);
        var remedy = string.Create(
            CultureInfo.InvariantCulture,
            $"The lake and the log agree up to offset {next - 1}. A repair keeps the lake's rows and has the lake take the log from "
                + $"offset {next} on, {Math.Max(0, bounds.Next - next)} records; events that the lake has are dropped.");
        var starts = stand.Chains.Zip(stand.Tails)
            .ToDictionary(pair => pair.First.Table.Name, pair => Math.Min(next, pair.Second.NextStart), StringComparer.Ordinal);
        var done = apply && await stand.Epoch.BeginNextAsync(services.Store, chain, starts, cancellationToken);
        return new RepairFinding(chain.ToString(), missing, remedy, CanMend: true, done);
    }

    private const string NoAgreement =
        "No file of the lake that is still there ends with a record that the log has: how far they agree can't be told. Put the right log "
            + "back.";

    private async Task<bool> AgreesAsync(ChainId chain, RecordMark mark, CancellationToken cancellationToken) =>
        await LogComparison.CompareAsync(services.Log, chain, mark, cancellationToken) is null;

    /// <summary>The offset after the newest record that both have, searched from the end of the newest file on which they agree.</summary>
    private async Task<long> FindDivergenceAsync(ChainId chain, DivergedRows lake, LogBounds bounds, CancellationToken cancellationToken)
    {
        var next = lake.Agreed is { } agreed ? agreed.Offset + 1 : 0;
        var rows = lake.Rows.ToDictionary(row => row.Offset);
        if (Math.Max(next, bounds.First) >= bounds.Next) return Math.Min(next, bounds.Next);
        await using var reader = await services.Log.OpenReaderAsync(chain.Partition, Math.Max(next, bounds.First), cancellationToken);
        while (await reader.ReadAsync(1000, cancellationToken) is { Count: > 0 } records)
        {
            foreach (var record in records)
            {
                if (!rows.TryGetValue(record.Offset, out var row)) continue;
                if (row != RecordMark.Of(record.ForLake())) return next;
                next = record.Offset + 1;
            }
        }

        return next;
    }

    private static string Describe(DivergedRows lake, LogBounds bounds) => lake.Rows.Count == 0
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"The log lost records that the lake has looked at and has no rows of; it ends at offset {bounds.Next - 1}.")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The log, which ends at offset {bounds.Next - 1}, lost records of {lake.Rows.Count} rows that the lake has, offsets "
                + $"{lake.Rows.Min(row => row.Offset)} to {lake.Rows.Max(row => row.Offset)}, "
            + $"{LogDivergedException.TimeOf(lake.Rows.MinBy(row => row.Offset))} to "
            + $"{LogDivergedException.TimeOf(lake.Rows.MaxBy(row => row.Offset))} UTC.");
}
