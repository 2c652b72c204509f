using Banking.Client.Engines;
using Banking.Client.Querying.Output;
using Banking.Client.Terminals;
using Banking.Client.Typing;

namespace Banking.Client.Querying.Prompt;

/// <summary>
/// A person's session at a prompt: statement after statement, until the person leaves. A failure ends only its own statement.
/// </summary>
internal sealed class QuerySession(Terminal terminal, Keyboard keyboard, LakePlace place, TimeText times, ResultShape shape)
{
    private ResultShape _shape = shape;

    /// <exception cref="CommandFailedException">There is no lake at the place.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using (QueryEngines.Open(place, terminal, times)) { }
        var where = place.Presto is { } presto ? $"Presto at {presto.Url}" : $"The lake in {place.Folder}";
        await terminal.WriteLineAsync($"{where} has {string.Join(", ", LakeViews.All.Select(table => table.Name))}.");
        await terminal.WriteLineAsync("A semicolon ends a statement. Tab completes names, Ctrl-C cancels a query, exit or Ctrl-D ends.");
        var history = StatementHistory.Load(terminal.StateFolder, sentence => terminal.Error.WriteLine(ShownText.Line(sentence)));
        var editor = new StatementEditor(keyboard, terminal, history);
        while (await editor.ReadAsync(cancellationToken) is { } text && !SessionCommand.IsExit(text))
        {
            if (SessionCommand.Is(text)) await FollowAsync(text);
            else await RunAllAsync(SqlTokens.Statements(text, out _), cancellationToken);
        }
    }

    private async Task FollowAsync(string text)
    {
        (var sentence, _shape) = SessionCommand.Follow(text, _shape);
        await terminal.WriteLineAsync(sentence);
    }

    private async Task RunAllAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            if (!await RunAsync(statement, cancellationToken)) return;
        }
    }

    /// <returns>Whether the statement was answered.</returns>
    private async Task<bool> RunAsync(string statement, CancellationToken cancellationToken)
    {
        using var query = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interruptible = keyboard.OnInterrupt(query.Cancel);
        try
        {
            // By now the terminal may have another width, and the lake other files.
            var now = terminal with { Width = terminal.Size().Width };
            await Task.Run(() => QueryCommand.RunAsync(now, statement, place, times, _shape, query.Token), cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync("Cancelled.");
        }
        catch (Exception failure) when (failure is CommandFailedException or IOException or UnauthorizedAccessException)
        {
            await terminal.Error.WriteLineAsync(ShownText.Lines(failure.Message));
        }

        return false;
    }
}
