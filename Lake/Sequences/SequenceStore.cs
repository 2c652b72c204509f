using System.Text;
using Banking.Lake.Chains;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Parquet;

namespace Banking.Lake.Sequences;

/// <summary>Whether an account, by its id in UTF-8, is wanted.</summary>
internal delegate bool AccountFilter(ReadOnlySpan<byte> account);

/// <summary>
/// Keeps a chain's <see cref="SequenceMap"/> beside the chain: saves it now and then, and rebuilds it from the newest good save and the
/// files after that. Without any save it reads all files of the chain.
/// </summary>
internal sealed class SequenceStore(ILakeStore store, TableChain chain, string owner)
{
    private int _attempts;

    /// <param name="isMine">Whether an account's events come with this chain's partition; other chains' rows are left out for all other
    /// accounts.</param>
    public async Task<SequenceMap> LoadAsync(ChainTail tail, AccountFilter isMine, CancellationToken cancellationToken)
    {
        var map = new SequenceMap();
        try
        {
            // A new log may contain events that the lake has from another log: an outbox that was not cleared yet goes to the new one. The
            // chain's own save includes them.
            if (!await LoadOwnAsync(map, tail, cancellationToken)) await TakeOverAsync(map, isMine, cancellationToken);
            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <returns>Whether a save was there.</returns>
    private async Task<bool> LoadOwnAsync(SequenceMap map, ChainTail tail, CancellationToken cancellationToken)
    {
        if (tail.Day is null) return false;
        var (end, day) = await LoadNewestSaveAsync(map, tail.NextStart, cancellationToken);

        // If that leaves out offsets, rows after the save are in an earlier day than the save's own: the clock was ahead when it was made.
        if (!await TryReadBehindAsync(end, day, tail, map, cancellationToken))
        {
            await TryReadBehindAsync(end, DateOnly.MinValue, tail, map, cancellationToken);
        }
        return end >= 0;
    }

    /// <returns>False if the files of these days leave out offsets.</returns>
    private async Task<bool> TryReadBehindAsync(
        long end, DateOnly since, ChainTail tail, SequenceMap map, CancellationToken cancellationToken)
    {
        // Only files before the tail are known to stay: an event seen in any other file must not be dropped on that account.
        var files = (await chain.ListFilesAsync(since, cancellationToken)).FindAll(file => file.Start < tail.NextStart);

        // If the chain's beginning was removed, only a save knows about the rows that were there.
        if (end < 0 && files.Count > 0 && files[0].Start > chain.First) throw new SequencesLostException(chain.Table.Name, chain.Chain);

        // The last file that starts at or below the save's end + 1 may reach beyond it; reading rows twice does no harm.
        var first = Math.Max(0, files.FindLastIndex(file => file.Start <= end + 1));
        var next = Math.Max(end + 1, chain.First);
        var isWhole = true;
        foreach (var file in files.Skip(first))
        {
            isWhole &= file.Start <= next;
            next = Math.Max(next, await ReadAsync(file, map, cancellationToken) + 1);
        }

        return isWhole && next >= tail.NextStart;
    }

    private async Task TakeOverAsync(SequenceMap map, AccountFilter isMine, CancellationToken cancellationToken)
    {
        foreach (var id in await OtherChains.FindAsync(store, chain.Table, chain.Chain, cancellationToken))
        {
            var other = chain.Other(id, await ChainEpoch.StartOfAsync(store, chain.Table.Name, id, cancellationToken));
            using var theirs = new SequenceMap();
            await new SequenceStore(store, other, owner).LoadOwnAsync(
                theirs, await other.FindTailAsync(cancellationToken), cancellationToken);
            for (var i = 0; i < theirs.Count; i++)
            {
                if (isMine(theirs.Account(i))) map.Observe(theirs.Account(i), theirs.Durable(i));
            }
        }
    }

    /// <param name="save">The result of <see cref="SequenceSave.Encode"/>.</param>
    public async Task SaveAsync(long end, byte[] save, CancellationToken cancellationToken)
    {
        var staged = LakePath.Staged(chain.Table, chain.Chain, $"{end:D20}-{owner}-{_attempts++}-sequences");
        await store.TryMakeAsync(staged, LakePath.SequenceSave(chain.Table, chain.Chain, end), save, cancellationToken);

        // The previous save stays, in case the newest can't be read.
        foreach (var older in (await ListAsync(cancellationToken)).Where(older => older < end).OrderDescending().Skip(1))
        {
            await store.DeleteAsync(LakePath.SequenceSave(chain.Table, chain.Chain, older), cancellationToken);
        }
    }

    /// <summary>The offsets that the readable saves cover.</summary>
    public async Task<List<long>> ListReadableAsync(CancellationToken cancellationToken)
    {
        var readable = new List<long>();
        foreach (var candidate in await ListAsync(cancellationToken))
        {
            using var map = new SequenceMap();
            var bytes = await ReadAllAsync(LakePath.SequenceSave(chain.Table, chain.Chain, candidate), cancellationToken);
            if (bytes is not null && SequenceSave.TryDecode(bytes, map, out var end, out _) && end == candidate) readable.Add(end);
        }

        return readable;
    }

    private async Task<(long End, DateOnly Day)> LoadNewestSaveAsync(SequenceMap map, long nextStart, CancellationToken cancellationToken)
    {
        // A save that reaches beyond the chain's end belongs to another history, as after a lake was restored from a copy.
        foreach (var candidate in (await ListAsync(cancellationToken)).Where(end => end < nextStart).OrderDescending())
        {
            var bytes = await ReadAllAsync(LakePath.SequenceSave(chain.Table, chain.Chain, candidate), cancellationToken);
            if (bytes is not null && SequenceSave.TryDecode(bytes, map, out var end, out var day)) return (end, day);
        }

        return (-1, DateOnly.MinValue);
    }

    private async Task<List<long>> ListAsync(CancellationToken cancellationToken)
    {
        var saves = new List<long>();
        await foreach (var entry in store.ListAsync(LakePath.SequenceFolder(chain.Table, chain.Chain), cancellationToken))
        {
            if (LakePath.TryParseSequenceSave(entry.Name, out var end)) saves.Add(end);
        }

        return saves;
    }

    private async Task<byte[]?> ReadAllAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await store.OpenReadAsync(path, cancellationToken);
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory, cancellationToken);
            return memory.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <returns>The last offset that the file covers.</returns>
    private async Task<long> ReadAsync(ChainFile file, SequenceMap map, CancellationToken cancellationToken)
    {
        await using var stream = await chain.OpenAsync(file, cancellationToken);
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
        var accountField = reader.Schema.FindDataField("account_id");
        var sequenceField = reader.Schema.FindDataField("sequence_number");
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var accounts = new string?[group.RowCount];
            var sequences = new long?[group.RowCount];
            await group.ReadAsync(accountField, accounts.AsMemory()!, null, cancellationToken);
            await group.ReadAsync<long>(sequenceField, sequences.AsMemory(), null, cancellationToken);
            for (var row = 0; row < accounts.Length; row++)
            {
                if (accounts[row] is { } account && sequences[row] is { } sequence) map.Observe(Encoding.UTF8.GetBytes(account), sequence);
            }
        }

        return FileFooter.FromMetadata(reader.CustomMetadata).End;
    }
}

/// <summary>It can't be told any more which events a table has: a person has to decide.</summary>
internal sealed class SequencesLostException(string table, ChainId chain) : LakeRefusalException(
    $"No save of {table}, {chain}, in _sequences can be read, and files that it would be made anew from were cleaned away after a "
        + "compaction. Restore one of the saves; nothing of the partition is taken in until then.");
