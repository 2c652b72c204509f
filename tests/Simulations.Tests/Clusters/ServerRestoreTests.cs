using Banking.Servers;
using Banking.Simulations.Tests.Clusters.Parts;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// The same with the accounts in PostgreSQL, the log on Kafka and the lake on HDFS, all three or, with every third seed, some of them. With
/// odd seeds the topic loses its end, with even ones a mirror of it takes its place.
/// </summary>
[Collection(RealServers.Killed)]
public sealed class ServerRestoreTests
{
    [Theory]
    [MemberData(nameof(Seeds.Few), MemberType = typeof(Seeds))]
    public async Task Bank_WhenServersComeBackOlder_KeepsItsPromisesOrSaysThatTheLogWentBack(int seed)
    {
        var real = seed % 3 == 0 ? (BankParts)new Random(seed).Next(1, (int)BankParts.All) : BankParts.All;
        await using var place = await BankPlace.Create(real, isMirrored: seed % 2 == 0);
        await new RestoreStory(place, seed, TestContext.Current.CancellationToken).Run();
    }
}
