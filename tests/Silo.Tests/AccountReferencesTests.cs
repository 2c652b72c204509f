using Banking.Accounts;
using Banking.Callers;
using Banking.Silo.Accounts;
using Banking.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Silo.Tests;

/// <summary>Which accounts exist, and for whom: time must not tell either.</summary>
public sealed class AccountReferencesTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static readonly CallerId Alice = new("https://id.example", "alice");
    private static readonly CallerId Bob = new("https://id.example", "bob");

    [Theory]
    [InlineData(CallerRole.Player, true, 1)]
    [InlineData(CallerRole.Server, false, 1)]
    [InlineData(CallerRole.Player, false, 3)]
    public async Task Exists_WhenAskedAgain_ReadsStorageForStrangersOnly(CallerRole role, bool isOwner, int reads)
    {
        var index = new Accounts { ["ann"] = new AccountState { Owner = Alice } };
        var references = new AccountReferences(silo.Services.GetRequiredService<IGrainFactory>(), index);
        var caller = new Caller(isOwner ? Alice : Bob, role);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(isOwner || role == CallerRole.Server, await references.ExistsForAsync("ann", caller));
        }

        Assert.Equal(reads, index.Reads);
    }

    [Fact]
    public async Task Exists_WhenTheAccountDoesNot_ReadsStorageAsForAStranger()
    {
        var index = new Accounts();
        var references = new AccountReferences(silo.Services.GetRequiredService<IGrainFactory>(), index);

        for (var i = 0; i < 3; i++) Assert.False(await references.ExistsForAsync("ann", new Caller(Bob, CallerRole.Player)));

        Assert.Equal(3, index.Reads);
    }

    private sealed class Accounts : Dictionary<string, AccountState>, IGrainIndex
    {
        public int Reads { get; private set; }

        public Task<IReadOnlyList<GrainState<T>>> ReadManyAsync<T>(
            string stateName, IReadOnlyList<GrainId> grains, CancellationToken cancellationToken = default)
        {
            Reads++;
            return Task.FromResult<IReadOnlyList<GrainState<T>>>(
            [
                .. grains.Select(grain => TryGetValue(grain.Key.ToString()!, out var state)
                    ? new GrainState<T>((T)(object)state, "1") { RecordExists = true }
                    : new GrainState<T>()),
            ]);
        }

        public IAsyncEnumerable<GrainId> FindPendingAsync(
            string stateName, DateTimeOffset writtenBefore, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListKeysAsync(
            string stateName, string? after, int limit, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
