using Banking.Sqlite;

namespace Banking.Streaming.Sqlite;

/// <summary>Finds where a partition begins and ends when the file is opened.</summary>
internal static class PartitionScan
{
    public static PartitionState Read(SqliteConnection connection, int partition, SqliteLogOptions options)
    {
        var (low, high) = (LogFile.RowId(partition, 0), LogFile.RowId(partition + 1, 0));
        var (next, time) = Tail(connection, partition);
        var first = next;
        using var oldest = new SqliteStatement(connection, "SELECT id FROM chunk WHERE id >= ? AND id < ? ORDER BY id LIMIT 1");
        if (!oldest.Bind(1, low).Bind(2, high).Step()) return new PartitionState(first, next, time, 0);
        first = LogFile.Offset(oldest.Int64(0));
        using var newest = new SqliteStatement(
            connection, "SELECT id, count, time FROM chunk WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1");
        newest.Bind(1, low).Bind(2, high).Step();
        next = Math.Max(next, LogFile.Offset(newest.Int64(0)) + newest.Int64(1));
        time = Math.Max(time, newest.Int64(2));
        return new PartitionState(first, next, time, Bytes(connection, low, high, options));
    }

    private static (long Next, long Time) Tail(SqliteConnection connection, int partition)
    {
        using var tail = new SqliteStatement(connection, "SELECT next, time FROM tail WHERE partition = ?");
        return tail.Bind(1, partition).Step() ? (tail.Int64(0), tail.Int64(1)) : (0, 0);
    }

    private static long Bytes(SqliteConnection connection, long low, long high, SqliteLogOptions options)
    {
        // This reads every row, so it is done only if a limit was configured.
        if (options.RetentionBytes is null && options.HardLimitBytes is null) return 0;
        using var sum = new SqliteStatement(connection, "SELECT sum(length(body)) FROM chunk WHERE id >= ? AND id < ?");
        return sum.Bind(1, low).Bind(2, high).Step() ? sum.Int64(0) : 0;
    }
}
