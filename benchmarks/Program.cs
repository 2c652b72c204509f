using Banking.Benchmarks;

return await BenchmarkCommand.RunAsync(args);
