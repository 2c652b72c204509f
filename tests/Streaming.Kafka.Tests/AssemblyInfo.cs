using Banking.Servers;

// Clusters, brokers and clients share few cores; one test at a time keeps their timing honest.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(RealServers))]
