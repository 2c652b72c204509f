using SQLitePCL;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The file of an embedded log that no silo has open.</summary>
internal static class EventLogFile
{
    /// <summary>Takes all records, as retention does.</summary>
    public static void DropAll(string path)
    {
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var file));
        using (file)
        {
            var outcome = raw.sqlite3_exec(
                file,
                """
                INSERT OR REPLACE INTO tail SELECT id >> 48, max((id & 281474976710655) + count), max(time) FROM chunk GROUP BY id >> 48;
                DELETE FROM chunk;
                """);
            Assert.True(outcome == raw.SQLITE_OK, raw.sqlite3_errmsg(file).utf8_to_string());
        }
    }
}
