using Orleans.Storage;

namespace Banking.Silo.Health;

/// <summary>
/// What <see cref="StorageProbe"/> keeps in storage: as large as an account's record, so that a disk that has room for it has room for a
/// deposit.
/// </summary>
[GenerateSerializer, Alias("banking.storage-probe")]
internal sealed class StorageProbeRow
{
    [Id(0)]
    public long Number { get; set; }

    [Id(1)]
    public byte[] Filling { get; set; } = [];
}

/// <summary>
/// Tests storage by doing what an action does: one durable write, together with those of accounts at the same time, and one read. Each silo
/// has its own row for it, named by its endpoint. Only one call at a time.
/// </summary>
internal sealed class StorageProbe([FromKeyedServices(GameNames.Storage)] IGrainStorage storage, ILocalSiloDetails silo)
{
    private const string StateName = "health";
    private const int FillingBytes = 4096;

    private readonly GrainId _row = GrainId.Create("health", silo.SiloAddress.Endpoint.ToString());
    private GrainState<StorageProbeRow>? _known;

    /// <summary>Returns when storage has taken a write and returned it on reading.</summary>
    /// <exception cref="Exception">Whatever storage throws.</exception>
    public async Task AskAsync()
    {
        var row = _known ?? await ReadAsync();

        // If anything goes wrong meanwhile, the row is unknown and is read again.
        _known = null;
        var number = NumberOf(row) + 1;
        row.State = new StorageProbeRow { Number = number, Filling = new byte[FillingBytes] };
        await storage.WriteStateAsync(StateName, _row, row);
        var read = await ReadAsync();
        if (NumberOf(read) < number) throw new InvalidDataException("What was written a moment ago is not what is read.");
        _known = read;
    }

    private static long NumberOf(GrainState<StorageProbeRow> row) => row.State?.Number ?? 0;

    private async Task<GrainState<StorageProbeRow>> ReadAsync()
    {
        var row = new GrainState<StorageProbeRow>();
        await storage.ReadStateAsync(StateName, _row, row);
        return row;
    }
}
