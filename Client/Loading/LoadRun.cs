using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>One load: its connections run in parallel, each with its own accounts.</summary>
internal sealed class LoadRun(LoadPlan plan, IBankConnector connector, Journal? journal, TimeProvider time, AnswerWatch? watch = null)
{
    private Player[] _players = [];

    /// <summary>Actions answered so far; safe to read from any thread.</summary>
    public long Answered => _players.Sum(player => player.Tally.Answered);

    /// <exception cref="BankUnavailableException">The bank stayed unavailable for too long.</exception>
    /// <exception cref="WrongAnswerException">The bank broke its contract.</exception>
    public async Task<LoadResult> RunAsync(Action<Task> watch, CancellationToken cancellationToken)
    {
        var assets = await ReadAssetsAsync(cancellationToken);
        var players = new Player[plan.Connections];
        for (var i = 0; i < players.Length; i++) players[i] = await CreateAsync(i, assets, cancellationToken);
        _players = players;

        // A player that gives up stops the others; when the time is up all stop, which is not a failure.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = plan.Duration is { } duration
            ? time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), stop, duration, Timeout.InfiniteTimeSpan)
            : null;
        var start = time.GetTimestamp();
        var playing = Task.WhenAll(
            players.Select((player, i) => Task.Run(() => PlayAsync(player, plan.ShareOf(i), stop), CancellationToken.None)));
        watch(playing);
        string? failure = null;
        try
        {
            await playing;
        }
        catch (Exception gone) when (gone is BankUnavailableException or WrongAnswerException)
        {
            failure = gone.Message;
        }
        catch (OperationCanceledException)
        {
            // What was answered until then counts; a Ctrl-C is recognized below.
        }

        var total = new LoadTally();
        foreach (var player in players)
        {
            total.Add(player.Tally);
            player.Dispose();
        }

        return new LoadResult(
            total, time.GetElapsedTime(start), [.. players.SelectMany(player => player.Complaints)], failure,
            cancellationToken.IsCancellationRequested);
    }

    private async Task PlayAsync(Player player, long count, CancellationTokenSource stop)
    {
        try
        {
            await player.PlayAsync(count, replays: !plan.DepositsOnly, stop.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private IBank Watched(IBank bank) => watch is null ? bank : new WatchedBank(bank, watch);

    private async Task<AssetList> ReadAssetsAsync(CancellationToken cancellationToken)
    {
        using var bank = Watched(connector.Open());
        var prices = await bank.GetPricesAsync(cancellationToken);
        return new AssetList(
            [.. prices.Where(asset => asset is { Tradable: true, Halted: false }).Select(asset => (asset.AssetName, asset.Price))]);
    }

    private async Task<Player> CreateAsync(int connection, AssetList assets, CancellationToken cancellationToken)
    {
        var bank = connector.Open();
        var accounts = new List<AccountModel>((plan.Accounts / plan.Connections) + 1);
        for (var i = connection; i < plan.Accounts; i += plan.Connections)
        {
            var account = new AccountModel($"{plan.Prefix}-{i}", $"Player {i}", assets.Count);
            if (plan.Reuse) AccountMemory.Recall(account, await Watched(bank).GetStatementAsync(account.Id, cancellationToken), assets);
            accounts.Add(account);
        }

        // The jitter has its own random numbers, so that a retry does not change the choices that follow it.
        var random = new Random(unchecked((plan.Seed * 7919) + connection));
        var retrying = new RetryingBank(bank, plan.GiveUpAfter, new Random(random.Next()), time, watch);
        IActionSource actions = plan.DepositsOnly ? new DepositsOnly(random) : new RandomActions(random, assets);
        return new Player(accounts, actions, assets, retrying, random, journal, new Pace(plan.Interval, time), time);
    }
}

/// <param name="Complaints">Some of the answers that were wrong.</param>
/// <param name="Failure">Why the load ended early; null if it did not.</param>
internal sealed record LoadResult(LoadTally Tally, TimeSpan Elapsed, IReadOnlyList<string> Complaints, string? Failure, bool Cancelled);
