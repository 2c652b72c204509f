using Banking.Lake.Evidence;
using Banking.Sink.Writers;

namespace Banking.Sink.Partitions;

/// <summary>Where a partition goes on.</summary>
/// <param name="Newest">The newest record that the lake says it has looked at; null if it has looked at none.</param>
internal sealed record RecoveredPartition(IReadOnlyList<TableWriter> Writers, long NextOffset, RecordMark? Newest);
