using Banking.Servers;
using Banking.Servers.PostgreSql;

// Tests here start clusters or processes of their own, and wait for them as long as they use the cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 3)]
[assembly: AssemblyFixture(typeof(RealServers))]
[assembly: AssemblyFixture(typeof(Databases))]
