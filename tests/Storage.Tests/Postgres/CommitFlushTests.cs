using Banking.Servers.PostgreSql;
using Banking.Servers.Tracing;
using Banking.Storage.Postgres;
using Banking.Storage.Tests.Contract;
using Banking.Storage.Tests.GroupCommit;
using Npgsql;

namespace Banking.Storage.Tests.Postgres;

/// <summary>
/// What PostgreSQL answers survives a loss of power, whatever its defaults are; where they can't be helped, the start says so.
/// </summary>
public sealed class CommitFlushTests : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_WhenTheServerDoesNotWaitForItsDisk_IsAnsweredAfterTheFlush()
    {
        Strace.SkipWithout();
        var trace = _folder.File("trace");

        // Its own writer of the log flushes so rarely that it can't stand in for the commits' own.
        await using var server = await Databases.OwnServer("fsync = on", "synchronous_commit = off", "wal_writer_delay = 10s");
        using var tracer = await Strace.Attach(server.ProcessId, trace, Token);
        await using (var storage = await StorageUnderTest.StartPostgres(options => options.ConnectionString = server.ConnectionString))
        {
            var state = new GrainState<Note>(new Note { Text = "first" });
            for (var i = 0; i < 5; i++) await storage.Storage.WriteStateAsync("note", GrainId.Create("note", "alice"), state);
        }

        await server.Stop();
        await tracer.WaitForExitAsync(Token).WaitAsync(MaxWait, Token);

        var calls = SystemTrace.Parse(await File.ReadAllLinesAsync(trace, Token));
        var answers = calls.Where(IsAnswerToWrite)
            .Select(answer => (Asked: AskedBefore(calls, answer), Answer: answer))
            .Where(pair => !IsOfWriterRow(pair.Asked))
            .ToList();
        Assert.Equal(5, answers.Count);
        Assert.All(answers, pair => Assert.Contains(calls, call =>
            call.IsFlush
                && call.File.Contains("/pg_wal/", StringComparison.Ordinal) && pair.Asked.IsBefore(call) && call.IsBefore(pair.Answer)));
    }

    [Theory]
    [InlineData("ALTER DATABASE {0} SET synchronous_commit = off", "on")]
    [InlineData("ALTER ROLE bank IN DATABASE {0} SET synchronous_commit = off", "on")]
    [InlineData("ALTER DATABASE {0} SET synchronous_commit = remote_apply", "remote_apply")]
    public async Task Write_WhateverTheDefaultsAre_IsCommittedAsSurelyAsTheyAreAtLeastOn(string defaults, string expected)
    {
        await using var server = await Databases.OwnServer();
        await Databases.Execute(
            server.ConnectionString, string.Format(System.Globalization.CultureInfo.InvariantCulture, defaults, "postgres"));
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await PostgresStart.PrepareAsync(
            source, "the test's", new PostgresGrainStorageOptions { ConnectionString = server.ConnectionString }, TimeProvider.System,
            new RecordingLogger(), Token);
        await using var connection = await source.OpenConnectionAsync(Token);

        using var statements = new WriteStatements(
            connection,
            "grain_storage",
            new Continuity("grain_storage", hasSeveralHosts: false, "the test's", new RecordingLogger()),
            new WriterCount(epoch: 0),
            new WriteColumns(),
            new WriteColumns(),
            new WriteColumns());

        await using var command = new NpgsqlCommand("SHOW synchronous_commit", connection);
        Assert.Equal(expected, await command.ExecuteScalarAsync(Token));
    }

    [Theory]
    [InlineData("fsync", "full_page_writes = on")]
    [InlineData("full_page_writes", "fsync = on", "full_page_writes = off")]
    public async Task Start_WhenTheServerDoesNotFlush_Warns(string setting, params string[] settings)
    {
        await using var server = await Databases.OwnServer(settings);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var logger = new RecordingLogger();

        await PostgresStart.PrepareAsync(
            source, "the test's", new PostgresGrainStorageOptions { ConnectionString = server.ConnectionString }, TimeProvider.System,
            logger, Token);

        Assert.Equal([$"the test's has {setting} = off: a loss of power may take writes that were answered"], logger.Sentences);
    }

    // The tag of an update or an insert, and "ready for a query, in no transaction": it was committed.
    private static SystemCall AskedBefore(IReadOnlyList<SystemCall> calls, SystemCall answer) =>
        calls.Last(call => call.IsReceive && call.Thread == answer.Thread && call.File == answer.File && call.IsBefore(answer));

    // Made once with a writer's first connection.
    private static bool IsOfWriterRow(SystemCall asked) =>
        asked.Texts.Any(text => text.Contains(".writer (id, n)", StringComparison.Ordinal));

    private static bool IsAnswerToWrite(SystemCall call) =>
        call.IsSend && call.Texts is [var text, ..] && (
            text.Contains("UPDATE 1\0", StringComparison.Ordinal) || text.Contains("INSERT 0 1\0", StringComparison.Ordinal))
        && text.Contains("Z\0\0\0\u0005I", StringComparison.Ordinal);
}
