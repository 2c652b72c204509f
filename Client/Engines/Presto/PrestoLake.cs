using Banking.Client.Terminals;

namespace Banking.Client.Engines.Presto;

/// <summary>
/// The lake's tables as Presto sees them. What a user may read is Presto's to say; that a statement only reads is looked at here.
/// </summary>
internal sealed class PrestoLake(PrestoServer server, Terminal terminal, TimeText times) : IQueryEngine
{
    private readonly PrestoClient _client = new(server, terminal.Time);
    private readonly QueryProgress _progress = new(terminal);

    public async ValueTask<IQueryResult> RunAsync(string sql, CancellationToken cancellationToken) =>
        await PrestoResult.RunAsync(_client, PrestoStatement.Of(sql), new PrestoText(times), _progress, cancellationToken);

    public void Dispose() => _client.Dispose();
}
