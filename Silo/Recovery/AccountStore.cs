using Banking.Accounts;
using Banking.Recovery;
using Banking.Storage;
using Orleans.Storage;

namespace Banking.Silo.Recovery;

/// <summary>Accounts' records as the check reads and writes them: many at once, and past the accounts themselves. Thread-safe.</summary>
internal sealed class AccountStore(
    [FromKeyedServices(GameNames.Storage)] IGrainStorage storage, [FromKeyedServices(GameNames.Storage)] IGrainIndex index,
    TimeProvider time)
{
    private const int ReadsAtOnce = 2_048;

    /// <summary>Transactions take a thousand rows each; this keeps some of them filled and the storage's queue far from full.</summary>
    private const int WritesAtOnce = 4_096;

    public static GrainId GrainOf(string account) => GrainId.Create(GameNames.AccountType, account);

    public async Task<IReadOnlyList<GrainState<AccountState>>> Read(IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        var states = new List<GrainState<AccountState>>(accounts.Count);
        foreach (var page in accounts.Chunk(ReadsAtOnce))
            states.AddRange(await index.ReadMany<AccountState>(GameNames.AccountState, [.. page.Select(GrainOf)], cancellationToken));
        return states;
    }

    /// <summary>Writes records at the versions that they were read at.</summary>
    /// <returns>Accounts whose records were written by somebody else since.</returns>
    public async Task<IReadOnlyList<string>> Write(
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

    /// <summary>Keeps what is wrong with an account beside its record.</summary>
    public async Task Note(string account, string reason, bool isSetAside)
    {
        var noted = new GrainState<AccountFinding>();
        await storage.ReadStateAsync(GameNames.FindingState, GrainOf(account), noted);
        if (noted.State is { IsSetAside: true } && noted.RecordExists) return;
        noted.State = new AccountFinding(reason, isSetAside, time.GetUtcNow());
        await storage.WriteStateAsync(GameNames.FindingState, GrainOf(account), noted);
    }

    /// <summary>What is wrong with accounts, in the order of their ids.</summary>
    public async Task<IReadOnlyList<(string Account, AccountFinding Finding)>> Findings(
        string? after, int limit, CancellationToken cancellationToken)
    {
        var accounts = await index.ListKeys(GameNames.FindingState, after, limit, cancellationToken);
        var findings = await index.ReadMany<AccountFinding>(GameNames.FindingState, [.. accounts.Select(GrainOf)], cancellationToken);
        return [.. accounts.Zip(findings, (account, finding) => (account, finding.State!))];
    }

    /// <summary>Whether there is an account at all.</summary>
    public async Task<bool> IsEmpty(CancellationToken cancellationToken) =>
        (await index.ListKeys(GameNames.AccountState, null, 1, cancellationToken)).Count == 0;

    public async Task<GrainState<BankRecord>> ReadBank()
    {
        var record = new GrainState<BankRecord>();
        await storage.ReadStateAsync(GameNames.BankState, BankId, record);
        return record;
    }

    /// <summary>Changes the bank's record, if there is one; a change that gives back what it got writes nothing.</summary>
    /// <exception cref="InconsistentStateException">Somebody else wrote it meanwhile.</exception>
    public async Task ChangeBank(Func<BankRecord, BankRecord> change)
    {
        var record = await ReadBank();
        if (record.State is not { } state || !record.RecordExists) return;
        record.State = change(state);
        if (!ReferenceEquals(record.State, state)) await WriteBank(record);
    }

    /// <exception cref="InconsistentStateException">Somebody else wrote it since it was read.</exception>
    public Task WriteBank(GrainState<BankRecord> record) => storage.WriteStateAsync(GameNames.BankState, BankId, record);

    private static GrainId BankId { get; } = GrainId.Create(GameNames.BankState, "0");
}
