using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Lake.Chains;

/// <summary>
/// Which chains a partition of a log writes. At first they are those of the log's own id. After a log lost its end and was repaired, new
/// chains take their place, beginning after the last record on which lake and log agree. The earlier chains keep what they have: it is all
/// that is left of what the log lost.
/// </summary>
/// <param name="Number">0 for the first epoch.</param>
/// <param name="Starts">The offset that each table's chain begins at; 0 for a table that is not named.</param>
internal sealed record ChainEpoch(int Number, IReadOnlyDictionary<string, long> Starts)
{
    private static ChainEpoch Beginning => new(0, new Dictionary<string, long>());

    public ChainId Of(ChainId chain) => Number == 0 ? chain : chain.InEpoch(Number);

    public long StartOf(string table) => Starts.GetValueOrDefault(table, 0);

    /// <exception cref="InvalidDataException">The newest epoch's file is damaged.</exception>
    public static async Task<ChainEpoch> FindAsync(ILakeStore store, ChainId chain, CancellationToken cancellationToken)
    {
        var newest = 0;
        await foreach (var entry in store.ListAsync(LakePath.EpochFolder(chain), cancellationToken))
        {
            if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                newest = Math.Max(newest, number);
            }
        }

        return newest == 0 ? Beginning : await ReadAsync(store, chain, newest, cancellationToken);
    }

    /// <summary>The offset at which a given chain of a table begins.</summary>
    /// <exception cref="InvalidDataException">Its epoch's file is damaged.</exception>
    public static async Task<long> StartOfAsync(ILakeStore store, string table, ChainId chain, CancellationToken cancellationToken)
    {
        var (log, number) = chain.Origin;
        return number == 0 ? 0 : (await ReadAsync(store, log, number, cancellationToken)).StartOf(table);
    }

    private static async Task<ChainEpoch> ReadAsync(ILakeStore store, ChainId chain, int number, CancellationToken cancellationToken)
    {
        var path = LakePath.Epoch(chain, number);
        await store.SettleAsync(path, cancellationToken);
        await using var stream = await store.OpenReadAsync(path, cancellationToken);
        try
        {
            var starts = await JsonSerializer.DeserializeAsync(stream, EpochJson.Default.DictionaryStringInt64, cancellationToken);
            return new ChainEpoch(number, starts ?? throw new InvalidDataException($"{path} is empty: restore it from a copy."));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is damaged: restore it from a copy. {e.Message}", e);
        }
    }

    /// <summary>Begins the next epoch.</summary>
    /// <returns>False if somebody else has begun it.</returns>
    public async Task<bool> BeginNextAsync(
        ILakeStore store, ChainId chain, Dictionary<string, long> starts, CancellationToken cancellationToken)
    {
        var staged = $"{LakePath.Staging}/epoch-{Guid.NewGuid():N}";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(starts, EpochJson.Default.DictionaryStringInt64);
        return await store.TryMakeAsync(staged, LakePath.Epoch(chain, Number + 1), bytes, cancellationToken);
    }
}

[JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class EpochJson : JsonSerializerContext;
