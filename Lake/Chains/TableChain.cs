using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Parquet;

namespace Banking.Lake.Chains;

/// <summary>
/// One table's chain of files: finds where it ends and adds the next file. The rename of the staged file is the commit, and the fence
/// against another owner of the same chain. It holds no state that has to survive.
/// </summary>
/// <param name="owner">A name that no other owner has or had.</param>
/// <param name="first">The offset at which the chain begins: 0, or where its log was repaired.</param>
internal sealed class TableChain(
    ILakeStore store, ParquetEncoder encoder, LakeTable table, ChainId chain, string owner, TimeProvider time, long first = 0)
{
    private readonly ClaimBook _claims = new(store, table, chain);
    private readonly DaySeal _seal = new(store, time);
    private int _attempts;
    private Task<StagedClaim>? _nextClaim;

    public LakeTable Table => table;

    public ParquetEncoder Encoder => encoder;

    public ChainId Chain => chain;

    /// <summary>The offset at which the chain begins.</summary>
    public long First => first;

    /// <summary>Another chain of the table, to read.</summary>
    /// <param name="start">The offset at which it begins.</param>
    public TableChain Other(ChainId other, long start) => new(store, encoder, table, other, owner, time, start);

    public async Task<ChainTail> FindTailAsync(CancellationToken cancellationToken)
    {
        while (await _claims.NewestAsync(cancellationToken) is { } newest)
        {
            // A claim that is gone again was replaced by a newer one, or made by a stale owner: look again.
            if (await _claims.ReadAsync(newest, cancellationToken) is not { } day) continue;
            if (await TryReadSettledFooterAsync(new ChainFile(newest, day), cancellationToken) is { } footer)
            {
                return new ChainTail(footer.End + 1, day) { Newest = footer, NewestDay = day };
            }

            // A claim without a file: its owner died between the two. The file before it exists, or the owner could not have made the
            // claim.
            var before = await FindTailByListingAsync(cancellationToken);
            if (before.NextStart == newest) return before with { Day = day };
            if (before.NextStart > newest) return before;

            // Otherwise the lake is an older copy than its claims and lacks the files before: what they held would be skipped.
            await _claims.ForgetAsync(newest, cancellationToken);
        }

        return await FindTailByListingAsync(cancellationToken);
    }

    /// <summary>The newest record that the owner of the chain's newest file had looked at; null if there is no such file.</summary>
    public async Task<RecordMark?> ReadMarkAsync(ChainTail tail, CancellationToken cancellationToken)
    {
        if (tail.Newest is not { } newest || tail.NewestDay is not { } day) return null;
        return newest.Evidence?.Mark ?? await ReadLastRowAsync(new ChainFile(newest.Start, day), cancellationToken);
    }

    /// <summary>The newest record that a file's owner had looked at, or, in a file of an earlier build, that of its last row.</summary>
    public async Task<RecordMark?> ReadMarkAsync(ChainFile file, CancellationToken cancellationToken) =>
        (await TryReadFooterAsync(file, cancellationToken))?.Evidence?.Mark ?? await ReadLastRowAsync(file, cancellationToken);

    private async Task<RecordMark?> ReadLastRowAsync(ChainFile file, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(file, cancellationToken);
        return await FileRows.ReadLastAsync(stream, cancellationToken);
    }

    /// <summary>Commits the rows from <paramref name="from"/> on as the file that starts at an offset.</summary>
    /// <remarks>After an exception the outcome is unknown; trying again settles it.</remarks>
    public async Task<ChainCommit> CommitAsync(long start, RowBuffer rows, int from, DateOnly day, CancellationToken cancellationToken) =>
        await CommitAsync(await StageAsync(start, rows, from, day, cancellationToken), cancellationToken);

    /// <summary>
    /// Stages a file, which is not visible yet. It can be committed if the chain then ends before its start; otherwise it has to be
    /// discarded.
    /// </summary>
    public async Task<StagedFile> StageAsync(long start, RowBuffer rows, int from, DateOnly day, CancellationToken cancellationToken)
    {
        var path = StagedPath(start);
        var footer = new FileFooter(
            table.Name, chain, start, rows.EndOffset, rows.Count - from, time.GetUtcNow())
        { Evidence = rows.Evidence };

        // Done in parallel: HDFS often takes half a second to close a file, however small.
        var claiming = TakeClaimAsync(start, day, cancellationToken);
        var filing = StageAsync(path, rows, from, footer, cancellationToken);
        try
        {
            await Task.WhenAll(claiming, filing);
            return new StagedFile(path, (await claiming).Path, from, day, footer) { Bytes = await filing };
        }
        catch
        {
            if (claiming.IsCompletedSuccessfully) await store.DiscardAsync((await claiming).Path, time);
            if (filing.IsCompletedSuccessfully) await store.DiscardAsync(path, time);
            throw;
        }
    }

    /// <summary>Stages the claim for the next file while its rows still come in, unless one is staged already.</summary>
    public void StageClaimAhead(DateOnly day, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _nextClaim) is null)
        {
            Volatile.Write(ref _nextClaim, Task.Run(() => StageClaimAsync(0, day, cancellationToken), cancellationToken));
        }
    }

    /// <summary>Removes a staged claim for which no file came.</summary>
    public async Task DiscardClaimAsync()
    {
        if (await TakeNextClaimAsync() is { } unused) await store.DiscardAsync(unused.Path, time);
    }

    /// <inheritdoc cref="CommitAsync(long, RowBuffer, int, DateOnly, CancellationToken)"/>
    public async Task<ChainCommit> CommitAsync(StagedFile staged, CancellationToken cancellationToken)
    {
        var won = false;
        try
        {
            if (await _claims.ClaimAsync(staged.Footer.Start, staged.Day, staged.ClaimPath, cancellationToken) is { } claimed)
            {
                // After the claim, so that the process sealing the day sees that a file is on its way, or this one sees the seal.
                await _seal.PassAsync(table, claimed, cancellationToken);
                won = await store.CommitAsync(staged.Path, LakePath.File(table, claimed, chain, staged.Footer.Start), cancellationToken);
                if (won) return new ChainCommit(true, new ChainTail(staged.Footer.End + 1, claimed), staged.Bytes);
            }
        }
        finally
        {
            if (!won) await store.DiscardAsync(staged.Path, time);
        }

        return new ChainCommit(false, await FindTailAsync(cancellationToken), 0);
    }

    public async Task DiscardAsync(StagedFile staged)
    {
        await store.DiscardAsync(staged.Path, time);
        await store.DiscardAsync(staged.ClaimPath, time);
    }

    /// <summary>Removes the claims that a committed file has made superfluous.</summary>
    public Task ForgetClaimsBelowAsync(long start, CancellationToken cancellationToken) =>
        _claims.ForgetBelowAsync(start, cancellationToken);

    /// <summary>The chain's files of a day and later days, in order.</summary>
    public async Task<List<ChainFile>> ListFilesAsync(DateOnly since, CancellationToken cancellationToken)
    {
        var files = new List<ChainFile>();
        foreach (var day in await ListDaysAsync(cancellationToken))
        {
            if (day < since) continue;
            files.AddRange(await ListFilesOfAsync(day, cancellationToken));
        }

        files.Sort((a, b) => a.Start.CompareTo(b.Start));
        return files;
    }

    /// <summary>The last offset that a file covers; null if there is no such file.</summary>
    public async Task<long?> EndOfAsync(ChainFile file, CancellationToken cancellationToken) =>
        (await TryReadFooterAsync(file, cancellationToken))?.End;

    public Task<Stream> OpenAsync(ChainFile file, CancellationToken cancellationToken) =>
        store.OpenReadAsync(LakePath.File(table, file.Day, chain, file.Start), cancellationToken);

    private async Task<ChainTail> FindTailByListingAsync(CancellationToken cancellationToken)
    {
        // Files of all days: a wrong clock may have put rows into a later day than the rows after them.
        if (await ListFilesAsync(DateOnly.MinValue, cancellationToken) is [.., var newest])
        {
            var footer = await TryReadSettledFooterAsync(newest, cancellationToken) ?? throw new IOException(
                $"A file of {table.Name}, {chain}, went while it was read.");
            return new ChainTail(footer.End + 1, newest.Day) { Newest = footer, NewestDay = newest.Day };
        }

        return ChainTail.Empty with { NextStart = first };
    }

    // A visible file may still be lost with the node that shows it. An owner that went on after it, or told the log that its rows are
    // durable, would then have lost them.
    private async Task<FileFooter?> TryReadSettledFooterAsync(ChainFile file, CancellationToken cancellationToken)
    {
        FileFooter? before = null;
        while (await TryReadFooterAsync(file, cancellationToken) is { } footer)
        {
            if (footer == before) return footer;
            before = footer;
            await store.SettleAsync(LakePath.File(table, file.Day, chain, file.Start), cancellationToken);
        }

        return null;
    }

    private async Task<FileFooter?> TryReadFooterAsync(ChainFile file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await OpenAsync(file, cancellationToken);
            await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
            return FileFooter.FromMetadata(reader.CustomMetadata);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private async Task<long> StageAsync(string path, RowBuffer rows, int from, FileFooter footer, CancellationToken cancellationToken)
    {
        using var file = await encoder.EncodeAsync(rows, from, footer, cancellationToken);
        return await store.StageAsync(path, file.WriteToAsync, cancellationToken);
    }

    private async Task<StagedClaim> TakeClaimAsync(long start, DateOnly day, CancellationToken cancellationToken)
    {
        var ready = await TakeNextClaimAsync();
        if (ready is not null && ready.Day == day) return ready;
        if (ready is not null) await store.DiscardAsync(ready.Path, time);
        return await StageClaimAsync(start, day, cancellationToken);
    }

    private async Task<StagedClaim?> TakeNextClaimAsync()
    {
        if (Interlocked.Exchange(ref _nextClaim, null) is not { } staging) return null;
        await Task.WhenAny(staging);

        // A failed attempt left nothing behind, and the claim is staged again when it is needed.
        return staging.IsCompletedSuccessfully ? await staging : null;
    }

    private async Task<StagedClaim> StageClaimAsync(long start, DateOnly day, CancellationToken cancellationToken)
    {
        var path = StagedPath(start) + "-claim";
        await _claims.StageAsync(path, day, cancellationToken);
        return new StagedClaim(path, day);
    }

    private string StagedPath(long start) => LakePath.Staged(table, chain, $"{start:D20}-{owner}-{Interlocked.Increment(ref _attempts)}");

    private async Task<List<DateOnly>> ListDaysAsync(CancellationToken cancellationToken)
    {
        var days = new List<DateOnly>();
        await foreach (var entry in store.ListAsync(table.Name, cancellationToken))
        {
            if (entry.IsFolder && LakePath.TryParseDayFolder(entry.Name, out var day)) days.Add(day);
        }

        return days;
    }

    private async Task<List<ChainFile>> ListFilesOfAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var files = new List<ChainFile>();
        await foreach (var entry in store.ListAsync(LakePath.DayFolder(table, day), cancellationToken))
        {
            if (LakePath.TryParseFile(entry.Name, chain, out var start)) files.Add(new ChainFile(start, day));
        }

        return files;
    }
}
