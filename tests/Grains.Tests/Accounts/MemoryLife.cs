using Banking.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Banking.Grains.Tests.Accounts;

/// <summary>
/// One account's memory with a shell like the grain's: writes that take many actions along, answers that are lost, writes that never
/// happen, silos whose clock is a day ahead. Beside it, everything that ever became durable.
/// </summary>
internal sealed class MemoryLife(int seed)
{
    private const long Day = 24 * 60 * 60 * 1000;
    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();
    private static readonly AccountOptions Options = new();

    private readonly Random _random = new(seed);
    private readonly PageStore _store = new();
    private readonly Dictionary<string, Run> _durableRuns = [];
    private readonly Dictionary<string, Run> _newRuns = [];
    private readonly Dictionary<string, long> _undone = [];
    private readonly List<string> _asked = [];
    private readonly Queue<long> _decided = new();
    private byte[] _stored = Serializer.SerializeToArray(ActionMemory.Empty);
    private ActionMemory _newest = ActionMemory.Empty;
    private KeyPages _pages = null!;
    private long _durableAdded;
    private long _real = Player.Start.ToUnixTimeMilliseconds();
    private long _ahead;
    private long _aheadAtStart;
    private long _wrongUntil;
    private long _loadedAt;

    /// <param name="LostAt">When its answer was lost; 0 if it was given.</param>
    /// <param name="Fresh">The id's time was right when it ran.</param>
    private sealed record Run(RememberedAction Action, long At, long LostAt, bool Fresh);

    public Dictionary<string, int> Seen { get; } = [];

    private DateTimeOffset Wall => DateTimeOffset.FromUnixTimeMilliseconds(_real + _ahead);

    // A silo notices steps while it runs, and believes the clock that it starts with.
    private DateTimeOffset Steady => DateTimeOffset.FromUnixTimeMilliseconds(_real + Math.Min(_ahead, _aheadAtStart));

    public async Task Live()
    {
        if (_pages is null) await Load();
        _real += _random.Next(12) switch
        {
            0 => _random.NextInt64(3 * 60 * 60 * 1000),
            < 4 => _random.NextInt64(60_000),
            _ => _random.NextInt64(40)
        };
        SetClock();
        var burst = _random.Next(6) switch { 0 => _random.Next(1_000), 1 => _random.Next(200), _ => _random.Next(4) };
        for (var i = 0; i < burst; i++)
        {
            if (i % 16 == 0) _real++;
            if (_asked.Count > 0 && _random.Next(5) == 0)
            {
                Ask(_asked[_random.Next(Math.Max(0, _asked.Count - (_random.Next(3) == 0 ? 10_000 : 300)), _asked.Count)]);
            }
            else Ask(NewId());
        }

        await End(_random.Next(10));
    }

    private async Task End(int how)
    {
        switch (how)
        {
            case 0:
                See("lost write");
                await Load();
                break;
            case 1:
                See("lost answer");
                await Write(answered: false);
                await Load();
                break;
            case < 8:
                await Write(answered: true);
                break;
        }
    }

    private void SetClock()
    {
        if (_random.Next(25) != 0) return;
        See(_ahead == 0 ? "clock ahead" : "clock back");
        _wrongUntil = _real + (2 * Day);
        _ahead = _ahead == 0 ? Day - 60_000 : 0;
    }

    private void Ask(string id)
    {
        var identity = ActionIdentity.Of(new Deposit(1) { ActionId = id });
        var run = _newRuns.GetValueOrDefault(id) ?? _durableRuns.GetValueOrDefault(id);
        if (_newest.TryFind(identity, out var found))
        {
            Check(run is not null && run.Action == found, $"{id} was given a result that is not its first: {found}, not {run}");
            See("replayed");
            return;
        }

        if (run is { LostAt: > 0 } && _real - run.LostAt < 120_000) Check(false, $"{id}, whose answer may be lost, is forgotten");
        var code = _newest.CheckUnknown(identity, Wall);
        if (run is not null && _real - run.At > 60 * 60 * 1000) See("after hours");
        if (code == ActionCode.Done)
        {
            Check(run is null || _real - run.At > Day, $"{id} runs again");
            Perform(id, identity);
            return;
        }

        See(code.ToString());
        if (run is null && IsFresh(identity)) Check(false, $"{id}, which is fresh, is refused: {code}");
        if (run is null && _undone.TryGetValue(id, out var at) && _real - at < 110_000)
        {
            Check(false, $"{id}, which a crash undid, is refused: {code}");
        }
    }

    private void Perform(string id, ActionIdentity identity)
    {
        See("ran");
        if (_undone.ContainsKey(id)) See("ran after a crash");
        if (IsFresh(identity)) See("fresh");
        var result = new ActionResult { Code = ActionCode.Done, OccurredAt = Wall, SequenceNumber = _newest.Added + 1 };
        var action = RememberedAction.From(identity, result);
        _newest = _newest.Add(
            action, Retention.Of(Options, Wall, Steady, _durableAdded, _real - _loadedAt < Options.RetryWindow.TotalMilliseconds));
        _newRuns[id] = new(action, _real, 0, IsFresh(identity));
        _decided.Enqueue(_real);
    }

    // Of a client whose clock is right, sent a moment ago, to an account that is not busier than it can be.
    private bool IsFresh(ActionIdentity identity)
    {
        while (_decided.TryPeek(out var oldest) && oldest < _real - 4_000) _decided.Dequeue();
        return _real > _wrongUntil && _decided.Count < 4_000 && identity.IssuedAt > _real - 1_900 && identity.IssuedAt <= _real;
    }

    private async Task Write(bool answered)
    {
        var memory = _newest;
        if (memory.HasKeysToMove)
        {
            await _pages.AddAsync(memory);
            memory = memory.WithKeys(_pages.Stored);
            See("page");
        }

        _stored = Serializer.SerializeToArray(memory);
        foreach (var (id, run) in _newRuns) _durableRuns[id] = run with { LostAt = answered ? 0 : _real };
        _newRuns.Clear();
        if (!answered) return;
        (_newest, _durableAdded) = (memory, memory.Added);
    }

    private async Task Load()
    {
        foreach (var (id, run) in _newRuns) if (run.Fresh) _undone[id] = _real;
        _newRuns.Clear();
        var memory = Serializer.Deserialize<ActionMemory>(_stored)!;
        _pages = new KeyPages(GrainId.Create("account", "a"), _store);
        Check(await _pages.LoadAsync(memory.FirstKeyPage, memory.KeyPages), "a page is missing");
        _newest = memory.Loaded(_pages.Stored);
        (_durableAdded, _loadedAt, _aheadAtStart) = (_newest.Added, _real, _ahead);
    }

    private string NewId()
    {
        var id = _random.Next(9) switch
        {
            0 => $"order-{_asked.Count}",
            1 => Uuid(4, 0),
            2 => Uuid(7, _real - _random.NextInt64(60 * 60 * 1000)),
            3 => Uuid(7, _real + _random.NextInt64(2 * Day)),
            4 => Uuid(7, _real + _random.NextInt64(11_000)),
            5 => Uuid(7, Wall.ToUnixTimeMilliseconds()),
            _ => Uuid(7, _real - _random.NextInt64(2_000)),
        };
        _asked.Add(id);
        return id;
    }

    private string Uuid(int version, long time)
    {
        var hex = version == 7 ? $"{time:x12}" : $"{_random.NextInt64(1L << 48):x12}";
        return $"{hex[..8]}-{hex[8..]}-{version}{_random.Next(4096):x3}-8{_random.Next(4096):x3}-{_random.NextInt64(1L << 48):x12}";
    }

    private void See(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;

    private void Check(bool holds, string what)
    {
        if (!holds) Assert.Fail($"Seed {seed}, at {_real}: {what}.");
    }
}
