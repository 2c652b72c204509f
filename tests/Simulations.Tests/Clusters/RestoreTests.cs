using Banking.Simulations.Tests.Clusters.Parts;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>A bank whose embedded parts are put back older.</summary>
public sealed class RestoreTests
{
    [Theory]
    [MemberData(nameof(Seeds.All), MemberType = typeof(Seeds))]
    public async Task Bank_WhenPartsComeBackOlder_KeepsItsPromisesOrSaysThatTheLogWentBack(int seed)
    {
        await using var place = await BankPlace.Create();
        await new RestoreStory(place, seed, TestContext.Current.CancellationToken).Run();
    }
}
