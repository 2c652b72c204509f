using Banking.Recovery;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// A bank of several lives, between which its database, its log and its lake are put back to what they were in an earlier one, alone and
/// together, while a crowd stands at a few accounts and
/// answers get lost: an acknowledged action is applied once, and is in the lake exactly once; or the bank says that its log went back, and
/// nobody acts, until the right one is there again.
/// </summary>
public sealed class RestoreTests
{
    private const int Lives = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds.All), MemberType = typeof(Seeds))]
    public async Task Bank_WhenPartsComeBackOlder_KeepsItsPromisesOrSaysThatTheLogWentBack(int seed)
    {
        var random = new Random(seed);
        var crowd = new Crowd(seed);
        using var folder = new BankFolder();
        List<string> copies = [];
        var story = new List<string>();
        for (var life = 1; life <= Lives; life++)
        {
            story.Add($"life {life}");
            var parts = ChooseParts(random);
            await using (var bank = await BankCluster.Start(seed + life, (short)random.Next(1, 3), folder: folder.Path))
            {
                await Live(bank, crowd, random, isFirst: life == 1);
                if (parts.HasFlag(BankParts.Database)) await bank.Publish(Token);

                // It is noted every moment, but a busy machine may take longer for that than for a whole life.
                if (parts.HasFlag(BankParts.Log)) await bank.WaitForNotedEnds(Token);
                if (random.Next(2) == 0) await bank.StopAll();
                else await bank.KillAll();
            }

            copies.Add(folder.Save());
            if (parts == BankParts.None || life is 1 or Lives) continue;
            var (now, which) = (copies[^1], random.Next(copies.Count - 1));
            story.Add($"{parts} of life {which + 1} put back");
            folder.PutBack(copies[which], parts);

            // A database goes on otherwise from there: what it was in between contradicts what the log has from now on.
            if (parts.HasFlag(BankParts.Database)) copies.RemoveRange(which + 1, copies.Count - which - 1);
            if (!parts.HasFlag(BankParts.Log)) continue;
            var (ends, nowEnds) = (await BankFolder.ReadLogEnds(copies[which], Token), await BankFolder.ReadLogEnds(now, Token));
            story.Add($"its log ends at {string.Join(' ', ends)} instead of {string.Join(' ', nowEnds)}");

            // Lives in which nothing could be done add nothing to it.
            if (ends.SequenceEqual(nowEnds)) continue;
            await RequireRefusal(folder, crowd, seed, string.Join(", ", story));
            folder.PutBack(now, BankParts.Log);
        }

        await using var last = await BankCluster.Start(seed, folder: folder.Path);
        var broken = (await crowd.Finish(last)).Concat(await Audit.Run(last, crowd.Journal, Token)).ToList();
        using var lake = new LakeReader(last.Lake);
        broken.AddRange(crowd.Audit(lake));
        broken.AddRange(crowd.Complaints);

        var told = $"Seed {seed}: {string.Join(", ", story)}; {crowd.Told} of {crowd.Calls} calls were told; {GateOf(last).Status}.";
        Assert.True(broken.Count == 0, $"{told}\n{string.Join('\n', broken.Take(20))}");
        TestContext.Current.TestOutputHelper?.WriteLine(told);
    }

    private static async Task Live(BankCluster bank, Crowd crowd, Random random, bool isFirst)
    {
        // While the log can't be reached an account may act on a database that is older than it, and is set aside then.
        await Eventually.True(() => GateOf(bank).Status.Stage == BankStage.Checked, "the database is checked", Token);
        if (isFirst) await crowd.Open(bank, Token);
        await Play(bank, crowd, random, random.Next(3, 6));

        // What the database forgets the lake must know, or nobody could.
        await bank.Flush(Token);
        await Play(bank, crowd, random, random.Next(3));
    }

    private static async Task Play(BankCluster bank, Crowd crowd, Random random, int waves)
    {
        for (; waves > 0; waves--)
        {
            var fault = random.Next(4) switch { 0 => bank.Faults.Storage, 1 => bank.Faults.Log, 2 => bank.Faults.Lake, _ => null };
            fault?.Set(random.NextDouble() * 0.1, random.NextDouble() * 0.3);
            await crowd.Wave(bank);
            bank.Faults.Heal();
        }
    }

    // Never all of them: that is another bank, of an earlier day.
    private static BankParts ChooseParts(Random random) => (BankParts)random.Next((int)(BankParts.Database | BankParts.Log | BankParts.Lake));

    private static async Task RequireRefusal(BankFolder folder, Crowd crowd, int seed, string story)
    {
        await using var bank = await BankCluster.Start(seed, silos: 1, folder: folder.Path);
        var gate = GateOf(bank);
        await Eventually.True(() => gate.Status.Stage is BankStage.Refused or BankStage.Checked, "the check came to an end", Token);
        Assert.True(gate.Status is { Stage: BankStage.Refused, Sentence: not null }, $"Seed {seed}: {story}: the log went back, and the bank says {gate.Status}");
        Assert.False(await crowd.IsServed(bank), $"Seed {seed}: {story}: the log went back, and an account acts");
        await bank.KillAll();
    }

    private static BankGate GateOf(BankCluster bank) => bank.Silos[0].ServiceProvider.GetRequiredService<BankGate>();
}
