namespace Banking.Client.Tests.Querying;

/// <summary>What a query says that can't be answered.</summary>
public sealed class QueryRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LakeWriter _lake;

    public QueryRefusalTests()
    {
        _lake = new LakeWriter(_folder.File("lake"));
        Directory.CreateDirectory(Path.Combine(_lake.Path, "_lake"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Query_WhenSyntaxIsWrong_ThenTheEngineSaysWhere()
    {
        var run = await QueryAsync("select md5('x')) as m", "csv");

        Assert.Equal((1, "syntax error at or near \")\"\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Query_WhenValueCantBeRead_ThenItSaysWhatToSelectInstead()
    {
        var run = await QueryAsync("select [null, 1] as x", "csv");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("select to_json(x)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenThereIsNoLake_ThenItSaysSo()
    {
        var run = await CommandRun.OfAsync("query", "select 1", "--lake", _folder.File("nowhere"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("There is no lake at", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> QueryAsync(string sql, string format) =>
        CommandRun.OfAsync("query", sql, "--lake", _lake.Path, "--format", format);
}
