using Banking.Accounts;
using Banking.Recovery;
using Banking.Storage;
using Orleans.Storage;

namespace Banking.Silo.Recovery;

/// <summary>
/// Accounts' records as the check reads and writes them: many at once, and bypassing the accounts themselves. Thread-safe.
/// </summary>
internal sealed class AccountStore(
    [FromKeyedServices(GameNames.Storage)] IGrainStorage storage, [FromKeyedServices(GameNames.Storage)] IGrainIndex index,
    TimeProvider time)
{
    private const int ReadsAtOnce = 2_048;

    /// <summary>Transactions take a thousand rows each; this keeps a few of them filled and the storage's queue far from full.</summary>
    private const int WritesAtOnce = 4_096;

    public static GrainId GrainOf(string account) => GrainId.Create(GameNames.AccountType, account);

    public async Task<IReadOnlyList<GrainState<AccountState>>> ReadAsync(
        IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        var states = new List<GrainState<AccountState>>(accounts.Count);
        foreach (var page in accounts.Chunk(ReadsAtOnce))
            states.AddRange(await index.ReadManyAsync<AccountState>(GameNames.AccountState, [.. page.Select(GrainOf)], cancellationToken));
        return states;
    }

    /// <summary>Writes records if their versions are still those that were read.</summary>
    /// <returns>Accounts whose records were written by somebody else since.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(
        IReadOnlyList<(string Account, GrainState<AccountState> State)> records, CancellationToken cancellationToken)
    {
        var conflicts = new List<string>();
        foreach (var page in records.Chunk(WritesAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var writes = page
                .Select(record => storage.WriteStateAsync(GameNames.AccountState, GrainOf(record.Account), record.State))
                .ToArray();
            await Task.WhenAll(writes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            for (var i = 0; i < writes.Length; i++)
            {
                if (writes[i].Exception?.InnerException is InconsistentStateException) conflicts.Add(page[i].Account);
                else await writes[i];
            }
        }

        return conflicts;
    }

    /// <summary>Stores what is wrong with an account beside its record.</summary>
    public async Task NoteAsync(string account, string reason, bool isSetAside)
    {
        var noted = new GrainState<AccountFinding>();
        await storage.ReadStateAsync(GameNames.FindingState, GrainOf(account), noted);
        if (noted.State is { IsSetAside: true } && noted.RecordExists) return;
        noted.State = new AccountFinding(reason, isSetAside, time.GetUtcNow());
        await storage.WriteStateAsync(GameNames.FindingState, GrainOf(account), noted);
    }

    /// <summary>What is wrong with accounts, in the order of their ids.</summary>
    public async Task<IReadOnlyList<(string Account, AccountFinding Finding)>> FindingsAsync(
        string? after, int limit, CancellationToken cancellationToken)
    {
        var accounts = await index.ListKeysAsync(GameNames.FindingState, after, limit, cancellationToken);
        var findings = await index.ReadManyAsync<AccountFinding>(GameNames.FindingState, [.. accounts.Select(GrainOf)], cancellationToken);
        return [.. accounts.Zip(findings, (account, finding) => (account, finding.State!))];
    }

    /// <summary>Whether there is an account at all.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        (await index.ListKeysAsync(GameNames.AccountState, null, 1, cancellationToken)).Count == 0;

    public async Task<GrainState<BankRecord>> ReadBankAsync()
    {
        var record = new GrainState<BankRecord>();
        await storage.ReadStateAsync(GameNames.BankState, BankId, record);
        return record;
    }

    /// <summary>Changes the bank's record, if there is one; a change that returns what it got writes nothing.</summary>
    /// <exception cref="InconsistentStateException">Somebody else wrote it meanwhile.</exception>
    public async Task ChangeBankAsync(Func<BankRecord, BankRecord> change)
    {
        var record = await ReadBankAsync();
        if (record.State is not { } state || !record.RecordExists) return;
        record.State = change(state);
        if (!ReferenceEquals(record.State, state)) await WriteBankAsync(record);
    }

    /// <exception cref="InconsistentStateException">Somebody else wrote it since it was read.</exception>
    public Task WriteBankAsync(GrainState<BankRecord> record) => storage.WriteStateAsync(GameNames.BankState, BankId, record);

    private static GrainId BankId { get; } = GrainId.Create(GameNames.BankState, "0");
}
