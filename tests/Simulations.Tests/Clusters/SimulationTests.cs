using Banking.Client.Verifying;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// Whatever happens to silos and to what lies below them: an acknowledged action is applied once, and is in the lake exactly once.
/// </summary>
public sealed class SimulationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <remarks>Odd seeds run on Orleans' default grain directory, which allows two activations of a grain for a while, even ones on the
    /// strong one.</remarks>
    [Theory]
    [MemberData(nameof(Seeds.All), MemberType = typeof(Seeds))]
    public async Task Bank_WhenSilosComeAndGoAndPartsFail_KeepsItsPromises(int seed)
    {
        await using var bank = await BankCluster.Start(seed, strongDirectory: seed % 2 == 0);
        await using var players = new Players(bank, seed);
        var monkey = new Monkey(bank, players, seed);

        await monkey.Run(20, Token);
        var complaints = await players.Finish();
        var broken = await Audit.Run(bank, JournalFile.Read(players.JournalFile), Token);

        var story = $"Seed {seed}: {string.Join(", ", monkey.Deeds)}; {players.Answered} answers.";
        Assert.True(complaints.Count == 0, $"{story}\n{string.Join('\n', complaints.Take(20))}");
        Assert.True(broken.Count == 0, $"{story}\n{string.Join('\n', broken.Take(20))}");
        TestContext.Current.TestOutputHelper?.WriteLine(story);
    }
}
