namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// Does a cluster harm, from a seed: silos stop, die and come back, parts below them fail for a while, sinks lose their place.
/// </summary>
internal sealed class Monkey(BankCluster bank, Players players, int seed)
{
    private const int FewestSilos = 1;
    private const int MostSilos = 4;
    private readonly Random _random = new(seed);

    /// <summary>What was done, for whoever reads a failure.</summary>
    public List<string> Deeds { get; } = [];

    /// <summary>Between any two deeds the players get some answers, so that none goes unnoticed.</summary>
    public async Task Run(int deeds, CancellationToken cancellationToken)
    {
        for (var i = 0; i < deeds; i++)
        {
            await players.Play(_random.Next(20, 200), cancellationToken);
            if (_random.Next(3) == 0) Heal();
            await DoHarm();
        }

        Heal();
    }

    private async Task DoHarm()
    {
        var silo = bank.Silos[_random.Next(bank.Silos.Count)];
        switch (_random.Next(9))
        {
            case 0 or 1 when bank.Silos.Count > FewestSilos:
                Deeds.Add($"kill {silo.SiloAddress}");
                await bank.Kill(silo);
                break;
            case 2 when bank.Silos.Count > FewestSilos:
                Deeds.Add($"stop {silo.SiloAddress}");
                await bank.Stop(silo);
                break;
            case 3 or 4 when bank.Silos.Count < MostSilos:
                // A start that fails is another test's; here a silo has to come.
                Heal();
                Deeds.Add("start a silo");
                await bank.StartAnother();
                break;
            case 5:
                Break("log", bank.Faults.Log);
                break;
            case 6:
                Break("lake", bank.Faults.Lake);
                break;
            case 7:
                Break("storage", bank.Faults.Storage);
                break;
            default:
                var partition = _random.Next(bank.Log.PartitionCount);
                Deeds.Add($"deactivate sink {partition}");
                await bank.Deactivate(bank.Sink(partition));
                break;
        }
    }

    // Stays broken while other harm is done, until the next healing.
    private void Break(string name, FaultPoint fault)
    {
        Deeds.Add($"break the {name}");
        fault.Set(_random.NextDouble() * 0.3, _random.NextDouble() * 0.3);
    }

    private void Heal()
    {
        Deeds.Add("heal");
        bank.Faults.Heal();
    }
}
