using Banking.Client.Engines;
using Banking.Client.Engines.Presto;

namespace Banking.Client.Tests.Querying.Presto;

public sealed class PrestoStatementTests
{
    [Theory]
    [InlineData("select 1", "select 1")]
    [InlineData("select count(*) from cash_transactions;", "select count(*) from cash_transactions")]
    [InlineData("select ';' as x ; -- the end; really\n/* ; */ ;", "select ';' as x ")]
    [InlineData("select 'it''s; so', \";\"\"\" from t", "select 'it''s; so', \";\"\"\" from t")]
    [InlineData("  -- first\n /* second; */ SELECT 1", "  -- first\n /* second; */ SELECT 1")]
    [InlineData("((values 1))", "((values 1))")]
    [InlineData("with x as (select 1) table x", "with x as (select 1) table x")]
    [InlineData("explain (type distributed) select 1", "explain (type distributed) select 1")]
    [InlineData("show tables", "show tables")]
    [InlineData("describe cash_transactions", "describe cash_transactions")]
    public void Of_WhenStatementReads_ThenItIsSentWithoutItsSemicolon(string sql, string sent) =>
        Assert.Equal(sent, PrestoStatement.Of(sql));

    [Theory]
    [InlineData("drop table cash_transactions")]
    [InlineData("-- select\ninsert into t select 1")]
    [InlineData("/* select */ delete from t")]
    [InlineData("call system.sync_partition_metadata('a', 'b', 'DROP')")]
    [InlineData("explain analyze insert into t select 1")]
    [InlineData("EXPLAIN /* x */ ANALYZE VERBOSE delete from t")]
    [InlineData("set session a = 1")]
    [InlineData("'select' 1")]
    [InlineData("selec 1")]
    public void Of_WhenStatementMayDoMore_ThenItIsRefused(string sql) =>
        Assert.StartsWith("Only statements that read the lake are run", Refusal(sql), StringComparison.Ordinal);

    [Theory]
    [InlineData("select 1; select 2")]
    [InlineData("select 1;;drop table x")]
    [InlineData("select 1; 'x'")]
    public void Of_WhenThereAreTwo_ThenTheyAreRefused(string sql) => Assert.Equal("Only one statement can be run at a time.", Refusal(sql));

    [Theory]
    [InlineData("")]
    [InlineData(" ;; ")]
    [InlineData("-- nothing")]
    [InlineData("/* open")]
    public void Of_WhenThereIsNone_ThenItSaysSo(string sql) => Assert.Equal("There is no statement.", Refusal(sql));

    private static string Refusal(string sql) => Assert.Throws<QueryRefusedException>(() => PrestoStatement.Of(sql)).Message;
}
