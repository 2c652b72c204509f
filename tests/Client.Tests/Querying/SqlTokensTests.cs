using Banking.Client.Engines;

namespace Banking.Client.Tests.Querying;

public sealed class SqlTokensTests
{
    [Theory]
    [InlineData("select 1", false, "select 1")]
    [InlineData("select 1;", true, "select 1")]
    [InlineData("select 1; -- done; really", true, "select 1")]
    [InlineData("select 1 -- not yet;", false, "select 1 -- not yet;")]
    [InlineData("select ';", false, "select ';")]
    [InlineData("select 'it''s; so';", true, "select 'it''s; so'")]
    [InlineData("select \";\";", true, "select \";\"")]
    [InlineData("select /* ; */ 1;", true, "select /* ; */ 1")]
    [InlineData("select $$ ; $$", false, "select $$ ; $$")]
    [InlineData("select $a$ ; $$ $a$;", true, "select $a$ ; $$ $a$")]
    [InlineData("select 1; select 2;", true, "select 1", "select 2")]
    [InlineData("select 1; select 2", false, "select 1", "select 2")]
    [InlineData(";;", true)]
    [InlineData("-- only this", false)]
    [InlineData("", false)]
    public void Statements_WhenText_ThenTheseAndWhetherTheLastIsEnded(string sql, bool isEnded, params string[] expected)
    {
        var statements = SqlTokens.Statements(sql, out var ended);

        Assert.Equal(expected, statements);
        Assert.Equal(isEnded, ended);
    }
}
