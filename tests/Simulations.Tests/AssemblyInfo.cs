using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Simulations.Tests.Processes;

// Tests here start clusters or processes of their own, and wait for them longer than they use the cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 5)]
[assembly: AssemblyFixture(typeof(RealServers))]
[assembly: AssemblyFixture(typeof(Databases))]
[assembly: AssemblyFixture(typeof(PlayedBank))]
