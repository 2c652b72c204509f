namespace Banking.Storage.Tests.Cluster;

public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("Add")] Task Add(int amount);

    [Alias("Get")] Task<int> Get();

    [Alias("Clear")] Task Clear();

    [Alias("Retire")] Task Retire();
}

[GenerateSerializer, Alias("storage-tests.counter")]
public sealed class CounterState
{
    [Id(0)] public int Value { get; set; }
}

public sealed class CounterGrain([PersistentState("counter")] IPersistentState<CounterState> state) : Grain, ICounterGrain
{
    public Task Add(int amount)
    {
        state.State.Value += amount;
        return state.WriteStateAsync();
    }

    public Task<int> Get() => Task.FromResult(state.State.Value);

    public Task Clear() => state.ClearStateAsync();

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
