using Banking.Servers;
using Banking.Servers.PostgreSql;

// Every test here starts a cluster or processes of its own: side by side they would only slow each other down and blur what failed.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(RealServers))]
[assembly: AssemblyFixture(typeof(Databases))]
