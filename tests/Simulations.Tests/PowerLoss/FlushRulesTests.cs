using Banking.Servers.Tracing;

namespace Banking.Simulations.Tests.PowerLoss;

/// <summary>
/// A short trace of a silo that does all as it should, by hand, and the same one with a single flush missing, late, or failed.
/// </summary>
public sealed class FlushRulesTests
{
    private const string Head = @"\0\0\0\2\0\0\0\0\350\304\373 }\303F\202(\274\nx\r\374\302N";
    private const string Commit = @"\0\0\0\3\0\0\0\6\350\304\373 }\303F\202(\274\nx\r\374\302N";

    // The log's second flush has a blank at its end, so that a test can name it.
    private static readonly string[] Good =
    [
        """1 recvfrom(9<TCP:[5]>, "POST /v1/accounts/a/deposits HTTP/1.1\r\n", 4096, 0, NULL, NULL) = 90""",
        $"""2 pwrite64(3</d/storage.db-wal>, "{Head}", 24, 32) = 24""",
        """2 pwrite64(3</d/storage.db-wal>, "\r\f\0"..., 4096, 56) = 4096""",
        $"""2 pwrite64(3</d/storage.db-wal>, "{Commit}", 24, 4152) = 24""",
        """2 pwrite64(3</d/storage.db-wal>, "\r\f\0"..., 4096, 4176) = 4096""",
        "2 fdatasync(3</d/storage.db-wal> <unfinished ...>",
        "4 --- SIGCHLD {si_signo=SIGCHLD} ---",
        "2 <... fdatasync resumed>) = 0",
        """1 sendto(9<TCP:[5]>, "HTTP/1.1 200 OK\r\n\r\n", 20, 0, NULL, 0) = 20""",
        $"""3 pwrite64(4</d/log.db-wal>, "{Commit}", 24, 32) = 24""",
        """3 pwrite64(4</d/log.db-wal>, "\r\f\0"..., 4096, 56) = 4096""",
        "3 fsync(4</d/log.db-wal>) = 0",
        $"""3 pwrite64(4</d/log.db-wal>, "{Commit}", 24, 4152) = 24""",
        """3 pwrite64(4</d/log.db-wal>, "\r\f\0"..., 4096, 4176) = 4096""",
        "3 fsync(4</d/log.db-wal>) = 0 ",
        """1 recvfrom(9<TCP:[5]>, "POST /v1/lake/flush HTTP/1.1\r\n", 4096, 0, NULL, NULL) = 90""",
        """5 pwrite64(6</d/lake/_staging/s>, "PAR1", 4, 0) = 4""",
        "5 fsync(6</d/lake/_staging/s>) = 0",
        """5 mkdir("/d/lake/t", 0777) = 0""",
        "5 fsync(6</d/lake>) = 0",
        """5 mkdir("/d/lake/t/dt=1", 0777) = 0""",
        "5 fsync(6</d/lake/t>) = 0",
        """5 link("/d/lake/_staging/s", "/d/lake/t/dt=1/e.parquet") = 0""",
        "5 fsync(6</d/lake/t/dt=1>) = 0",
        """5 unlink("/d/lake/_staging/s") = 0""",
        """1 sendto(9<TCP:[5]>, "HTTP/1.1 200 OK\r\n\r\n", 20, 0, NULL, 0) = 20""",
        "1 +++ exited with 0 +++",
    ];

    public static TheoryData<string, string> Flushes => new()
    {
        { "2 fdatasync(3</d/storage.db-wal> <unfinished ...>", "an action is answered before storage's log" },
        { "2 fdatasync(3</d/storage.db-wal> <unfinished ...>", "/d/storage.db-wal" },
        { "3 fsync(4</d/log.db-wal>) = 0", "before the next one is written to /d/log.db-wal" },
        { "3 fsync(4</d/log.db-wal>) = 0 ", "before the next one is written to /d/log.db-wal" },
        { "5 fsync(6</d/lake/_staging/s>) = 0", "gets its name before its bytes are flushed" },
        { "5 fsync(6</d/lake>) = 0", "before the folder of /d/lake/t is flushed" },
        { "5 fsync(6</d/lake/t>) = 0", "before the folder of /d/lake/t/dt=1 is flushed" },
        { "5 fsync(6</d/lake/t/dt=1>) = 0", "is said to be in the lake before the folder of /d/lake/t/dt=1/e.parquet is flushed" },
        { "5 fsync(6</d/lake/t/dt=1>) = 0", "is removed before the folder of /d/lake/t/dt=1/e.parquet is flushed" },
    };

    [Fact]
    public void Violations_WhenAllIsFlushedInTime_AreNone()
    {
        var calls = SystemTrace.Parse(Good);

        Assert.Equal(2, Answer.Of(calls).Count);
        Assert.Empty(Violations(calls));
    }

    [Theory]
    [MemberData(nameof(Flushes))]
    public void Violations_WhenAFlushIsMissing_NameIt(string flush, string sentence) =>
        Assert.Contains(Violations(Replaced(flush, line => [])), violation => violation.Contains(sentence, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Flushes))]
    public void Violations_WhenAFlushFails_NameIt(string flush, string sentence) =>
        Assert.Contains(
            Violations(Replaced(
                flush,
                line => [line.Replace(" <unfinished ...>", ") = 0", StringComparison.Ordinal).TrimEnd()[..^1]
                    + "-1 EIO (Input/output error)"])),
            violation => violation.Contains(sentence, StringComparison.Ordinal));

    [Fact]
    public void Violations_WhenTheAnswerIsSentWhileTheFlushRuns_NameIt()
    {
        var lines = Good.ToList();
        lines.Insert(6, lines[8]);
        lines.RemoveAt(9);

        Assert.Contains(
            Violations(SystemTrace.Parse(lines)),
            violation => violation.Contains("an action is answered before", StringComparison.Ordinal));
    }

    [Fact]
    public void Violations_WhenTheActionNeverGetsIntoTheLog_NameIt()
    {
        var calls = SystemTrace.Parse(Good.Where(line => !line.Contains("log.db", StringComparison.Ordinal)));

        Assert.Contains(Violations(calls), violation => violation.Contains("before the log has them", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_WhenALineIsNotOfStrace_Fails() =>
        Assert.Throws<FormatException>(() => SystemTrace.Parse(["strace: exec: No such file or directory"]));

    // A flush that began and whose end is left alone is none: the rest of the call is a call without a file.
    private static IReadOnlyList<SystemCall> Replaced(string flush, Func<string, string[]> by)
    {
        Assert.Contains(flush, Good);
        return SystemTrace.Parse(Good.SelectMany(line => line == flush ? by(line) : [line]));
    }

    private static IEnumerable<string> Violations(IReadOnlyList<SystemCall> calls) =>
        WalFlushes.Violations(calls).Concat(AnswerFlushes.Violations(calls)).Concat(LakeFlushes.Violations(calls));
}
