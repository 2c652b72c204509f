namespace Banking.Benchmarks;

/// <summary>A benchmark that proves nothing, because something went wrong; the message says what.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
