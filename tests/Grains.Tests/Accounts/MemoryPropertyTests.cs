namespace Banking.Grains.Tests.Accounts;

/// <summary>Random lives of an account's memory against a naive one that remembers everything; a failure names its seed.</summary>
public sealed class MemoryPropertyTests
{
    private const int Lives = 300;

    [Fact]
    public async Task Memory_WhateverComesAgain_ThenRunsNothingTwiceAndKnowsWhatItPromised()
    {
        var seen = new Dictionary<string, int>();
        for (var seed = 1; seed <= Lives; seed++)
        {
            var life = new MemoryLife(seed);
            for (var step = 0; step < 60; step++) await life.Live();
            foreach (var (what, count) in life.Seen) seen[what] = seen.GetValueOrDefault(what) + count;
        }

        // Else the lives were too dull to prove anything.
        Assert.All(
            ["ran", "replayed", "ActionTooOld", "ActionForgotten", "lost answer", "lost write", "clock ahead", "clock back", "page",
                "fresh", "ran after a crash", "after hours"],
            what =>
                Assert.True(seen.GetValueOrDefault(what) > 20, $"{what}: {seen.GetValueOrDefault(what)} times. {string.Join(", ", seen)}"));
    }
}
