using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Banking.Storage.Tests.Cluster;

public interface IGrownGrain : IGrainWithStringKey
{
    [Alias("ReadWhatTheOldTypeWrote")] Task<(int Value, string? Remark)> ReadWhatTheOldTypeWrote();
}

/// <summary><see cref="CounterState"/> as a later program has it.</summary>
[GenerateSerializer, Alias("storage-tests.counter-grown")]
public sealed class GrownCounterState
{
    [Id(0)] public int Value { get; set; }

    [Id(1)] public string? Remark { get; set; }
}

/// <summary>Reads the row of the counter of the same key.</summary>
public sealed class GrownGrain : Grain, IGrownGrain
{
    public async Task<(int Value, string? Remark)> ReadWhatTheOldTypeWrote()
    {
        var state = new GrainState<GrownCounterState>();
        var counter = GrainFactory.GetGrain<ICounterGrain>(this.GetPrimaryKeyString()).GetGrainId();
        await ServiceProvider.GetRequiredKeyedService<IGrainStorage>("Default").ReadStateAsync("counter", counter, state);
        return (state.State!.Value, state.State.Remark);
    }
}
