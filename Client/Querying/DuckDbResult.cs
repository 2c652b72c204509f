using DuckDB.NET.Data;

namespace Banking.Client.Querying;

/// <summary>A running statement of <see cref="DuckDbLake"/>; cancelling interrupts it.</summary>
internal sealed class DuckDbResult : IQueryResult
{
    private readonly DuckDBCommand _command;
    private readonly DuckDBDataReader _reader;
    private readonly DuckDbText _text;
    private readonly CancellationTokenRegistration _interrupt;
    private readonly CancellationToken _cancellationToken;

    private DuckDbResult(
        DuckDBCommand command,
        DuckDBDataReader reader,
        DuckDbText text,
        CancellationTokenRegistration interrupt,
        CancellationToken cancellationToken)
    {
        (_command, _reader, _text, _interrupt, _cancellationToken) = (command, reader, text, interrupt, cancellationToken);
        Columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => new QueryColumn(reader.GetName(i), DuckDbText.IsNumeric(reader.GetDataTypeName(i))))];
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    public QueryValue this[int column] => _text.Of(_reader, column);

    public static DuckDbResult Execute(DuckDBCommand command, TimeText times, CancellationToken cancellationToken)
    {
        var interrupt = cancellationToken.UnsafeRegister(static running => ((DuckDBCommand)running!).Cancel(), command);
        try
        {
            return new DuckDbResult(command, command.ExecuteReader(), new DuckDbText(times), interrupt, cancellationToken);
        }
        catch (DuckDBException failure)
        {
            interrupt.Dispose();
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
