using Banking.Storage.Sqlite;

namespace Banking.Storage.Tests.Sqlite;

public sealed class SqliteStatementTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Bind_WhenBytesAreGiven_ThenStoresThemAndNeverNull(int length)
    {
        using var connection = SqliteDatabase.Connect(_folder.File("bytes.db"), TimeSpan.Zero);
        connection.Execute("CREATE TABLE bytes(value BLOB NOT NULL)");

        connection.Prepare("INSERT INTO bytes VALUES(?1)").Bind(1, new byte[length]).Run();

        Assert.Equal(length, connection.Scalar("SELECT length(value) FROM bytes WHERE typeof(value) = 'blob'"));
    }
}
