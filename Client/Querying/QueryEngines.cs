using Banking.Client.Engines;
using Banking.Client.Engines.Presto;
using Banking.Client.Terminals;

namespace Banking.Client.Querying;

/// <summary>Chooses the engine that answers queries.</summary>
internal static class QueryEngines
{
    /// <exception cref="CommandFailedException">There is no lake at that place, or it can't be read.</exception>
    public static IQueryEngine Open(LakePlace place, Terminal terminal, TimeText times) =>
        place.Presto is { } server ? new PrestoLake(server, terminal, times) : DuckDbLake.Open(place.Folder, terminal, times);
}
