using Banking.Gate;
using Banking.Recovery;
using Banking.Simulations.Tests.Clusters.Parts;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// A bank of several lives, between which its database, its log and its lake are put back to what they were in an earlier one, alone and
/// together, while a crowd stands at a few accounts and answers get lost: an acknowledged action is applied once, and is in the lake
/// exactly once; or the bank says that its log went back, and nobody acts, until the right one is there again.
/// </summary>
internal sealed class RestoreStory(BankPlace place, int seed, CancellationToken cancellationToken)
{
    private const int Lives = 4;
    private readonly Random _random = new(seed);
    private readonly Crowd _crowd = new(seed);
    private readonly List<string> _told = [];

    private string Told => $"Seed {seed}: {string.Join(", ", _told)}";

    public async Task Run()
    {
        List<int> copies = [];
        for (var life = 1; life <= Lives; life++)
        {
            _told.Add($"life {life}");
            var parts = ChooseParts();
            await using (var bank = await BankCluster.Start(seed + life, (short)_random.Next(1, 3), place: place))
            {
                await Live(bank, isFirst: life == 1);
                if (parts.HasFlag(BankParts.Database)) await bank.Publish(cancellationToken);

                // What a log lacks that takes another's place must be in the lake, or the bank waits for that one.
                if (parts.HasFlag(BankParts.Log) && place.LogBecomesAnother && _random.Next(2) == 0) await bank.Flush(cancellationToken);

                // It is noted every moment, but a busy machine may take longer for that than for a whole life.
                if (parts.HasFlag(BankParts.Log)) await bank.WaitForNotedEnds(cancellationToken);
                if (_random.Next(2) == 0) await bank.StopAll();
                else await bank.KillAll();
            }

            copies.Add(await place.Save());
            if (parts == BankParts.None || copies.Count == 1 || life == Lives) continue;
            var (now, which) = (copies[^1], _random.Next(copies.Count - 1));
            _told.Add($"{parts} of life {which + 1} put back");
            await place.PutBack(copies[which], parts);

            // A database goes on otherwise from there: what it was in between contradicts what the log has from now on.
            if (parts.HasFlag(BankParts.Database)) copies.RemoveRange(which + 1, copies.Count - which - 1);
            if (!parts.HasFlag(BankParts.Log)) continue;
            var ends = await place.ReadLogEnds(copies[which], cancellationToken);
            var nowEnds = await place.ReadLogEnds(now, cancellationToken);
            _told.Add($"its log ends at {string.Join(' ', ends)} instead of {string.Join(' ', nowEnds)}");

            // Lives in which nothing could be done add nothing to it.
            if (ends.SequenceEqual(nowEnds)) continue;
            if (await IsRefused())
            {
                await place.PutBack(now, BankParts.Log);
                continue;
            }

            // The lake has all of the log before, and another one takes its place: copies of earlier days belong to the old one.
            Assert.True(place.LogBecomesAnother, $"{Told}: the log went back, and the bank acts");
            copies.Clear();
        }

        await using var last = await BankCluster.Start(seed, place: place);
        var broken = (await _crowd.Finish(last)).Concat(await Audit.Run(last, _crowd.Journal, cancellationToken)).ToList();
        using var lake = new LakeReader(await last.ReadLake());
        broken.AddRange(_crowd.Audit(lake));
        broken.AddRange(_crowd.Complaints);

        var told = $"{Told}; {_crowd.Told} of {_crowd.Calls} calls were told; {GateOf(last).Status}.";
        Assert.True(broken.Count == 0, $"{told}\n{string.Join('\n', broken.Take(20))}");
        TestContext.Current.TestOutputHelper?.WriteLine(told);
    }

    private async Task Live(BankCluster bank, bool isFirst)
    {
        // While the log can't be reached an account may act on a database that is older than it, and is set aside then.
        await Eventually.True(() => GateOf(bank).Status.Stage == BankStage.Checked, "the database is checked");
        if (isFirst) await _crowd.Open(bank, cancellationToken);
        await Play(bank, _random.Next(3, 6));

        // What the database forgets the lake must know, or nobody could.
        await bank.Flush(cancellationToken);
        await Play(bank, _random.Next(3));
    }

    private async Task Play(BankCluster bank, int waves)
    {
        for (; waves > 0; waves--)
        {
            var fault = _random.Next(4) switch { 0 => bank.Faults.Storage, 1 => bank.Faults.Log, 2 => bank.Faults.Lake, _ => null };
            fault?.Set(_random.NextDouble() * 0.1, _random.NextDouble() * 0.3);
            await _crowd.Wave(bank);
            bank.Faults.Heal();
        }
    }

    // Never all of them: that is another bank, of an earlier day.
    private BankParts ChooseParts() => (BankParts)_random.Next((int)BankParts.All);

    private async Task<bool> IsRefused()
    {
        await using var bank = await BankCluster.Start(seed, silos: 1, place: place);
        var gate = GateOf(bank);
        await Eventually.True(
            () => gate.Status.Stage is BankStage.Refused or BankStage.Checked, "the check came to an end");
        var isRefused = gate.Status is { Stage: BankStage.Refused, Sentence: not null };
        Assert.Equal(!isRefused, await _crowd.IsServed(bank));
        _told.Add(isRefused ? "which is refused" : "which is taken");
        await bank.KillAll();
        return isRefused;
    }

    private static BankGate GateOf(BankCluster bank) => bank.Silos[0].ServiceProvider.GetRequiredService<BankGate>();
}
