namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private long _tickedAt = -1;
    private long _recordWaitsAt = -1;

    /// <summary>
    /// The log's last offsets may be no records (a transaction's marker), so that nothing of them ever comes with the stream: whoever waits for the log's end would
    /// wait for ever. A sink that stands still below the end asks the log what is there. Others may go on meanwhile: no record is passed.
    /// </summary>
    private async Task PassHolesAsync(CancellationToken cancellationToken)
    {
        var from = NextOffset;
        var standsStill = _tickedAt == from;
        _tickedAt = from;
        if (!standsStill || _recordWaitsAt == from) return;
        try
        {
            if ((await _services.Log.GetBoundsAsync(_chain.Partition, cancellationToken)).Next <= from) return;
            await using var reader = await _services.Log.OpenReaderAsync(_chain.Partition, from, cancellationToken);
            var records = await reader.ReadAsync(1, cancellationToken);
            if (records.Count > 0) _recordWaitsAt = from;
            else if (reader.NextOffset > NextOffset) NextOffset = reader.NextOffset;
            _progress.Fire();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The stream says loudly enough that its log can't be read.
            LogEndNotRead(e, _chain, from);
        }
    }
}
