using System.Text.Json;
using Banking.Client.Terminals;

namespace Banking.Client.Engines.Presto;

/// <summary>A query that Presto runs; one page of its rows is held at a time.</summary>
internal sealed class PrestoResult : IQueryResult
{
    private readonly PrestoClient _client;
    private readonly PrestoText _text;
    private readonly QueryProgress _progress;
    private readonly CancellationToken _cancellationToken;
    private PrestoPage _page;
    private PrestoType[]? _types;
    private JsonElement.ArrayEnumerator _rows;
    private JsonElement[] _row = [];

    private PrestoResult(
        PrestoClient client, PrestoPage page, PrestoText text, QueryProgress progress, CancellationToken cancellationToken) =>
        (_client, _page, _text, _progress, _cancellationToken) = (client, page, text, progress, cancellationToken);

    public IReadOnlyList<QueryColumn> Columns { get; private set; } = [];

    public QueryValue this[int column]
    {
        get
        {
            try
            {
                return _text.Of(_row[column], _types![column]);
            }
            catch (Exception unreadable) when (unreadable is FormatException or InvalidOperationException or JsonException)
            {
                throw new QueryRefusedException(
                    $"The column {Columns[column].Name} holds a value that can't be read as {_types![column].Name}: {unreadable.Message}",
                    unreadable);
            }
        }
    }

    /// <summary>Sends a statement, and waits until its columns are known.</summary>
    public static async Task<PrestoResult> RunAsync(
        PrestoClient client, string sql, PrestoText text, QueryProgress progress, CancellationToken cancellationToken)
    {
        var result = new PrestoResult(client, await client.SendAsync(sql, cancellationToken), text, progress, cancellationToken);
        try
        {
            result.Take();
            while (result._types is null && await result.FetchAsync()) { }
            return result;
        }
        catch
        {
            await result.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<bool> ReadAsync()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        while (!_rows.MoveNext())
            if (!await FetchAsync()) return false;
        _row = [.. _rows.Current.EnumerateArray()];
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _progress.Clear();
        if (_page.NextUri is not { } next) return;
        _page = _page with { NextUri = null };
        if (await _client.CancelAsync(next) is { } problem) _progress.Warn(problem);
    }

    private async Task<bool> FetchAsync()
    {
        if (_page.NextUri is not { } next) return false;
        _cancellationToken.ThrowIfCancellationRequested();
        _progress.Show(_page.Stats.Describe());
        try
        {
            _page = await _client.FetchAsync(next, _cancellationToken);
        }
        catch (CommandFailedException)
        {
            // A server that can't be asked can't be told to stop either.
            _page = _page with { NextUri = null };
            throw;
        }

        Take();
        return true;
    }

    private void Take()
    {
        if (_page.Error is { } error) throw new QueryRefusedException(error.Sentence());
        if (_types is null && _page.Columns is { Count: > 0 } columns)
        {
            _types = [.. columns.Select(PrestoType.OfColumn)];
            Columns = [.. columns.Select((column, i) => new QueryColumn(column.GetProperty("name").GetString()!, _types[i].IsNumeric))];
        }

        _rows = _page.Data is { ValueKind: JsonValueKind.Array } data ? data.EnumerateArray() : default;
        // The next output may be on the same terminal.
        if (_page.Data is not null || _page.NextUri is null) _progress.Clear();
    }
}
