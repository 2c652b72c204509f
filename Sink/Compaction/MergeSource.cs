using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Sink.Compaction;

/// <summary>
/// Gives the row groups of the inputs in their order, as many at a time as make one of the output; no input is open for longer than that
/// takes. Not thread-safe.
/// </summary>
internal sealed class MergeSource(
    ILakeStore store, IEnumerable<string> paths, int rowGroupRows, Action<MergeInput> opened) : IAsyncDisposable
{
    private readonly Queue<string> _paths = new(paths);
    private readonly Queue<MergeSlice> _waiting = new();
    private readonly List<MergeInput> _open = [];

    /// <summary>The slices of the next row group; the ones before it are not to be read any more. Empty at the end.</summary>
    public async Task<List<MergeSlice>> NextAsync(CancellationToken cancellationToken)
    {
        var slices = new List<MergeSlice>();
        await CloseReadAsync();
        for (
            long rows = 0; await PeekAsync(cancellationToken) is { } next
                && !RowGroupRule.IsFull(rows, next.Rows, rowGroupRows); rows += next.Rows)
        {
            slices.Add(_waiting.Dequeue());
        }

        return slices;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var input in _open) await input.DisposeAsync();
        _open.Clear();
    }

    private async Task<MergeSlice?> PeekAsync(CancellationToken cancellationToken)
    {
        while (_waiting.Count == 0 && _paths.TryDequeue(out var path))
        {
            var input = await MergeInput.OpenAsync(store, path, cancellationToken);
            _open.Add(input);
            opened(input);
            for (var i = 0; i < input.Reader.RowGroupCount; i++)
            {
                if (input.RowsOf(i) is > 0 and var rows) _waiting.Enqueue(new MergeSlice(input, i, rows));
            }
        }

        return _waiting.TryPeek(out var slice) ? slice : null;
    }

    private async Task CloseReadAsync()
    {
        var needed = _waiting.Select(slice => slice.Input).ToHashSet();
        foreach (var input in _open.Where(input => !needed.Contains(input))) await input.DisposeAsync();
        _open.RemoveAll(input => !needed.Contains(input));
    }
}
