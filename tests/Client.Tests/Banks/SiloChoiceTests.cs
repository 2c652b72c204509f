using Banking.Client.Banks;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Client.Tests.Banks;

public sealed class SiloChoiceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HashSet<int> _away = [];
    private readonly SiloChoice _choice;

    public SiloChoiceTests() => _choice = new SiloChoice(3, _time);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(2, "2")]
    public async Task Ask_WhenHomeAnswers_ThenItAloneIsAsked(int home, string expected) => Assert.Equal(expected, await AskAsync(home));

    [Theory]
    [InlineData(0, "0 1")]
    [InlineData(2, "2 0 1")]
    public async Task Ask_WhenHomeIsAway_ThenTheNextIsAsked(int home, string expected)
    {
        _away.UnionWith([2, 0]);

        Assert.Equal(expected, await AskAsync(home));
    }

    [Fact]
    public async Task Ask_WhenNobodyAnswers_ThenEachIsAskedOnceAndTheLastSaysWhy()
    {
        _away.UnionWith([0, 1, 2]);

        Assert.Equal("1 2 0: 0 is away", await AskAsync(1));
    }

    [Fact]
    public async Task Ask_WhenASiloFailedLately_ThenItComesLast()
    {
        _away.Add(0);
        await AskAsync(0);
        _away.UnionWith([1, 2]);

        Assert.Equal("1 2 0: 0 is away", await AskAsync(0));
    }

    [Fact]
    public async Task Ask_WhenASiloIsBack_ThenItIsHomeAgainAfterItsRest()
    {
        _away.Add(0);
        await AskAsync(0);
        _away.Clear();

        var tooEarly = await AskAsync(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        string[] later = [await AskAsync(0), await AskAsync(0)];

        Assert.Equal(("1", "0", "0"), (tooEarly, later[0], later[1]));
    }

    [Fact]
    public async Task Ask_WhenASiloKeepsFailing_ThenItIsLeftAloneForLonger()
    {
        _away.Add(0);
        List<int> triedAt = [];

        for (var second = 0; second < 120; second++)
        {
            if ((await AskAsync(0)).StartsWith('0')) triedAt.Add(second);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 61, 91], triedAt);
    }

    [Fact]
    public async Task Ask_WhenARestIsOver_ThenOneCallerTriesAndOthersGoElsewhere()
    {
        _away.Add(0);
        await AskAsync(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        var hanging = new TaskCompletionSource<string>();

        var first = _choice.AskAsync(0, silo => new ValueTask<string>(silo == 0 ? hanging.Task : Task.FromResult("other")));
        var second = await AskAsync(0);
        hanging.SetResult("back");

        Assert.Equal(("1", "back"), (second, await first));
    }

    private async Task<string> AskAsync(int home)
    {
        List<int> asked = [];
        try
        {
            await _choice.AskAsync(home, silo =>
            {
                asked.Add(silo);
                return _away.Contains(silo) ? throw new BankUnavailableException($"{silo} is away") : new ValueTask<bool>(true);
            });
            return string.Join(' ', asked);
        }
        catch (BankUnavailableException away)
        {
            return $"{string.Join(' ', asked)}: {away.Message}";
        }
    }
}
