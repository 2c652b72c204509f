using Banking.Servers.PostgreSql;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>The accounts and markets in a PostgreSQL database; a copy is a database made of it.</summary>
internal sealed class PostgresPart(string database) : IBankPart
{
    private readonly Dictionary<int, string> _copies = [];

    public void Configure(IDictionary<string, string?> settings) => settings["Banking:Storage:PostgreSql"] = database;

    public async Task Save(int copy) => _copies[copy] = await Databases.Copy(database);

    public async Task PutBack(int copy) => await Databases.PutBack(database, _copies[copy]);

    public async ValueTask DisposeAsync()
    {
        foreach (var copy in _copies.Values) await Databases.Drop(copy);
        await Databases.Drop(database);
    }
}
