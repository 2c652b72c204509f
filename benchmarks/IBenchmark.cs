namespace Banking.Benchmarks;

/// <summary>One thing measured, and its peer in the same run.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>One line: what it does, and what the peer is.</summary>
    string Summary { get; }

    /// <summary>Prints what it finds to the bench, and leaves no file and no process behind.</summary>
    /// <exception cref="BenchmarkFailedException">What was done is not what should have been: there is nothing to compare.</exception>
    Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken);
}
