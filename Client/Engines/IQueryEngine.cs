using Banking.Client.Terminals;

namespace Banking.Client.Engines;

/// <summary>Answers SQL over the lake's tables. One query at a time.</summary>
internal interface IQueryEngine : IDisposable
{
    /// <summary>Runs one statement that only reads; rows are fetched as they are asked for.</summary>
    /// <param name="cancellationToken">Cancels the statement, even while its rows are read.</param>
    /// <exception cref="QueryRefusedException">The statement is wrong, or does more than read the lake.</exception>
    /// <exception cref="CommandFailedException">The engine can't be reached.</exception>
    ValueTask<IQueryResult> RunAsync(string sql, CancellationToken cancellationToken);
}

/// <summary>
/// Rows of a result, read forward. The values of the current row are asked for by column. Disposing ends a statement that still runs.
/// </summary>
internal interface IQueryResult : IAsyncDisposable
{
    IReadOnlyList<QueryColumn> Columns { get; }

    /// <exception cref="QueryRefusedException">The statement failed on the way.</exception>
    /// <exception cref="CommandFailedException">The engine can't be reached any more.</exception>
    ValueTask<bool> ReadAsync();

    QueryValue this[int column] { get; }
}

/// <param name="Numeric">Whether its values are written without quotes in JSON and aligned to the right in a table.</param>
internal readonly record struct QueryColumn(string Name, bool Numeric);

internal enum ValueKind
{
    Null,
    Text,

    /// <summary>The text is a number (or true or false) as JSON writes it.</summary>
    Literal,

    /// <summary>The text is JSON: a list, a struct or a map.</summary>
    Json,
}

/// <summary>A value as text: numbers with all their digits, times in ISO 8601.</summary>
internal readonly record struct QueryValue(ValueKind Kind, string Text)
{
    public static QueryValue Null => new(ValueKind.Null, "");
}

/// <summary>A statement can't be answered; the message says why.</summary>
internal sealed class QueryRefusedException(string sentence, Exception? cause = null) : Exception(sentence, cause);
