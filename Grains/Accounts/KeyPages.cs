using Orleans.Storage;

namespace Banking.Accounts;

/// <summary>
/// The pages of an account's forgotten keys in storage: a page is written before the record that no longer has its hashes, so that a crash
/// in between leaves them in both. Belongs to one grain and runs on its scheduler.
/// </summary>
internal sealed class KeyPages(GrainId account, IGrainStorage storage)
{
    /// <summary>
    /// Twice the number of pages that an account can have, so a page's place is reused only long after the page has expired.
    /// </summary>
    private const int Places = 64;

    private GrainState<KeyPage>? _last;

    /// <summary>What storage has.</summary>
    public ForgottenKeys Stored { get; private set; } = ForgottenKeys.Empty;

    /// <summary>Reads the pages that the account's record names.</summary>
    /// <returns>False if storage lacks some.</returns>
    public async Task<bool> LoadAsync(long first, int count)
    {
        if (count == 0) return true;
        var read = await Task.WhenAll(Enumerable.Range(0, count).Select(i => ReadAsync(first + i)));
        _last = read[^1];

        // Pages are numbered without gaps: those before a missing one go with it.
        var missing = Enumerable.Range(0, count).LastOrDefault(
            i => read[i].State is not { Count: > 0 } page || page.Number != first + i, -1);
        Stored = ForgottenKeys.Of(first + missing + 1, [.. read.Skip(missing + 1).Select(page => page.State!)]);
        return missing < 0;
    }

    /// <summary>Stores the hashes that are in an account's record.</summary>
    public async Task AddAsync(ActionMemory memory)
    {
        var next = Stored.Add(memory.RecordKeys, memory.KeysForgottenAt);
        var page = next.Pages[^1];

        // If a write before a crash got here, the place is not empty.
        if (_last?.State?.Number != page.Number) _last = await ReadAsync(page.Number);
        _last.State = page;
        await storage.WriteStateAsync(NameOf(page.Number), account, _last);
        Stored = next;
    }

    /// <inheritdoc cref="ForgottenKeys.MakeRoom"/>
    public void MakeRoom(DateTimeOffset oldest)
    {
        if (Stored.IsCrowded) Stored = Stored.MakeRoom(oldest.ToUnixTimeMilliseconds());
    }

    private static string NameOf(long page) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{GameNames.AccountState}-keys-{page % Places}");

    private async Task<GrainState<KeyPage>> ReadAsync(long page)
    {
        var state = new GrainState<KeyPage>();
        await storage.ReadStateAsync(NameOf(page), account, state);
        return state;
    }
}
