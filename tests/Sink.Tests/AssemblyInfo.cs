using Banking.Sink.Tests.Store.WebHdfs;

[assembly: AssemblyFixture(typeof(RealHdfs))]
