// The clusters of these tests use the same two or three cores' worth of threads; one at a time keeps their timing honest.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
