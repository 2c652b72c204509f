using Banking.Servers.PostgreSql;

[assembly: AssemblyFixture(typeof(Databases))]
