using Banking.Servers;

[assembly: AssemblyFixture(typeof(RealServers))]
