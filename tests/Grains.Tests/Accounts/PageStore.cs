using Banking.Accounts;
using Orleans.Storage;

namespace Banking.Grains.Tests.Accounts;

/// <summary>Keeps pages of forgotten keys, and refuses who does not know the newest.</summary>
internal sealed class PageStore : IGrainStorage
{
    private readonly Dictionary<string, (KeyPage Page, string ETag)> _pages = [];
    private int _tags;

    public void Lose(string stateName) => _pages.Remove(stateName);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_pages.TryGetValue(stateName, out var stored))
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = ((T)(object)stored.Page, stored.ETag, true);
        }
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = _pages.TryGetValue(stateName, out var page) ? page.ETag : null;
        if (stored != grainState.ETag) throw new InconsistentStateException("Somebody else wrote.", stored, grainState.ETag);
        grainState.ETag = $"{++_tags}";
        _pages[stateName] = ((KeyPage)(object)grainState.State!, grainState.ETag);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
}
