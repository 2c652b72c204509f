using Banking.Servers.PostgreSql;

// Most of these tests wait for servers and time-outs: more of them at a time than there are cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 3)]
[assembly: AssemblyFixture(typeof(Databases))]
