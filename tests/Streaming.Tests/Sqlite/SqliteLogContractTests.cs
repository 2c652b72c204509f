using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Streaming.Tests.Sqlite;

public sealed class SqliteLogContractTests : PartitionedLogContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteLog _log;

    public SqliteLogContractTests() =>
        _log = SqliteLog.Open(new SqliteLogOptions { Path = _folder.File(), Partitions = 4 }, TimeProvider.System, NullLogger.Instance);

    protected override IPartitionedLog Log => _log;

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }
}
