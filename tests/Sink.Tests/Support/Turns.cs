namespace Banking.Sink.Tests.Support;

/// <summary>Runs work one turn at a time, as a grain's scheduler does.</summary>
internal sealed class Turns
{
    private readonly TaskFactory _factory = new(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);

    public Task Run(Func<Task> work) => _factory.StartNew(work).Unwrap();

    public Task<T> Run<T>(Func<Task<T>> work) => _factory.StartNew(work).Unwrap();

    public Task<T> Run<T>(Func<T> work) => _factory.StartNew(work);
}
