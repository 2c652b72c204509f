using Banking.Client.Engines;
using DuckDB.NET.Data;

namespace Banking.Client.Querying;

/// <summary>A running statement of <see cref="DuckDbLake"/>; cancelling interrupts it.</summary>
internal sealed class DuckDbResult : IQueryResult
{
    private readonly DuckDBCommand _command;
    private readonly DuckDBDataReader _reader;
    private readonly DuckDbText _text;
    private readonly DuckDbInterrupt _interrupt;
    private readonly CancellationToken _cancellationToken;

    private DuckDbResult(
        DuckDBCommand command,
        DuckDBDataReader reader,
        DuckDbText text,
        DuckDbInterrupt interrupt,
        CancellationToken cancellationToken)
    {
        (_command, _reader, _text, _interrupt, _cancellationToken) = (command, reader, text, interrupt, cancellationToken);
        Columns = [.. Enumerable.Range(0, reader.FieldCount)
            .Select(i => new QueryColumn(reader.GetName(i), DuckDbText.IsNumeric(reader.GetDataTypeName(i))))];
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    public QueryValue this[int column] => _text.Of(_reader, column);

    public static DuckDbResult Execute(DuckDBCommand command, TimeText times, TimeProvider time, CancellationToken cancellationToken)
    {
        var interrupt = new DuckDbInterrupt(command, time, cancellationToken);
        try
        {
            return new DuckDbResult(command, command.ExecuteReader(), new DuckDbText(times), interrupt, cancellationToken);
        }
        catch (Exception failure)
        {
            interrupt.Dispose();
            if (failure is not DuckDBException) throw;
            cancellationToken.ThrowIfCancellationRequested();
            throw new QueryRefusedException(failure.Message, failure);
        }
    }

    public ValueTask<bool> ReadAsync()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new ValueTask<bool>(_reader.Read());
        }
        catch (DuckDBException failure)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            throw new QueryRefusedException(failure.Message, failure);
        }
    }

    public ValueTask DisposeAsync()
    {
        _interrupt.Dispose();
        _reader.Dispose();
        _command.Dispose();
        return ValueTask.CompletedTask;
    }
}
