using Banking.Sqlite;

namespace Banking.Streaming.Sqlite;

/// <summary>
/// Removes what is too old or too much, a few chunks at a time between the writer's transactions, on the writer's thread. Records that a
/// consumer group has not gone past stay, unless the hard limit is exceeded. That includes groups named in the options that have not
/// committed yet. A record's age is measured by the time that has passed since the start, so a step of the wall clock neither removes nor
/// keeps anything.
/// </summary>
internal sealed class Retention
{
    private const int ChunksPerStep = 64;

    private readonly SqliteConnection _connection;
    private readonly SqliteLogOptions _options;
    private readonly PartitionState[] _partitions;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _onFailure;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _keepTail;
    private readonly SqliteStatement _committed;
    private readonly SqliteStatement _committedBy;
    private readonly ArrivalTimes[] _arrivals;
    private readonly long _startedAt;
    private readonly long _startedWall;
    private long _lastRound;
    private int _partition;

    public Retention(
        SqliteConnection connection, SqliteLogOptions options, PartitionState[] partitions, TimeProvider time, Action<Exception> onFailure)
    {
        _connection = connection;
        _options = options;
        _partitions = partitions;
        _time = time;
        _onFailure = onFailure;
        _oldest = connection.Prepare(
            $"SELECT id, count, time, length(body) FROM chunk WHERE id >= ? AND id < ? ORDER BY id LIMIT {ChunksPerStep}");
        _delete = connection.Prepare("DELETE FROM chunk WHERE id >= ? AND id < ?");
        _keepTail = connection.Prepare("INSERT OR REPLACE INTO tail VALUES(?, ?, ?)");
        _committed = connection.Prepare("SELECT min(offset) FROM committed WHERE partition = ?");
        _committedBy = connection.Prepare("SELECT 1 FROM committed WHERE grp = ? AND partition = ?");
        _lastRound = _startedAt = time.GetTimestamp();
        _startedWall = time.GetUtcNow().ToUnixTimeMilliseconds();
        _arrivals =
            [.. partitions.Select(state => new ArrivalTimes(_startedWall, state.Bounds.Next,
                options.RetentionAge ?? TimeSpan.FromDays(1)))];
        _partition = partitions.Length;
    }

    /// <summary>The wall clock's time at the start plus the time that has passed since, in Unix milliseconds.</summary>
    private long SteadyNow => _startedWall + (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>How long the writer may sleep until there may be work here.</summary>
    public TimeSpan UntilDue()
    {
        if (_partition < _partitions.Length) return TimeSpan.Zero;
        var left = _options.RetentionInterval - _time.GetElapsedTime(_lastRound);
        // The upper bound lets a clock that tests move by hand take effect.
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
    }

    /// <summary>Does a little work, if any is due; the next call goes on with the next partition.</summary>
    public void RunStep()
    {
        if (_partition >= _partitions.Length)
        {
            if (_time.GetElapsedTime(_lastRound) < _options.RetentionInterval) return;
            _lastRound = _time.GetTimestamp();
            _partition = 0;
            var now = SteadyNow;
            for (var i = 0; i < _partitions.Length; i++) _arrivals[i].Look(now, _partitions[i].Bounds.Next);
        }

        try
        {
            if (!Remove(_partition)) _partition++;
        }
        catch (Exception exception)
        {
            // Whatever the failure was, appends go on and the next round tries again. Nothing is removed meanwhile.
            _connection.RollbackIfOpen();
            _onFailure(exception);
            _partition = _partitions.Length;
        }
    }

    private bool Remove(int partition)
    {
        var state = _partitions[partition];
        var needed = NeededFrom(partition);
        var now = SteadyNow;
        var age = _options.RetentionAge?.TotalMilliseconds ?? double.PositiveInfinity;
        var (first, bytes, chunks) = (state.Bounds.First, 0L, 0);
        _oldest.Bind(1, LogFile.RowId(partition, 0)).Bind(2, LogFile.RowId(partition + 1, 0));
        try
        {
            while (_oldest.Step())
            {
                var end = LogFile.Offset(_oldest.Int64(0)) + _oldest.Int64(1);
                var left = state.Bytes - bytes;
                var unwanted = end <= needed && (
                    now - _arrivals[partition].Of(end, _oldest.Int64(2), now) > age || left > _options.RetentionBytes);
                if (!unwanted && !(left > _options.HardLimitBytes)) break;
                first = end;
                bytes += _oldest.Int64(3);
                chunks++;
            }
        }
        finally
        {
            _oldest.Reset();
        }

        if (chunks == 0) return false;
        _connection.Execute("BEGIN IMMEDIATE");
        _keepTail.Bind(1, partition).Bind(2, state.Bounds.Next).Bind(3, state.Time).Run();
        _delete.Bind(1, LogFile.RowId(partition, 0)).Bind(2, LogFile.RowId(partition, first)).Run();
        _connection.Execute("COMMIT");
        state.Shrink(first, bytes);
        return chunks == ChunksPerStep;
    }

    private long NeededFrom(int partition)
    {
        // A group that has not committed yet needs everything there is: its consumer may have died before it made anything durable.
        if (!_options.Groups.All(group => HasCommitted(group, partition))) return 0;
        _committed.Bind(1, partition);
        try
        {
            // If no group is known to read the log, only age and size decide.
            return _committed.Step() && !_committed.IsNull(0) ? _committed.Int64(0) : long.MaxValue;
        }
        finally
        {
            _committed.Reset();
        }
    }

    private bool HasCommitted(string group, int partition)
    {
        _committedBy.Bind(1, group).Bind(2, partition);
        try
        {
            return _committedBy.Step();
        }
        finally
        {
            _committedBy.Reset();
        }
    }
}
