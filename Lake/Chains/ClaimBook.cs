using System.Text;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Lake.Chains;

/// <summary>
/// Before a file is committed, the day it belongs to is claimed for its start offset. Otherwise two owners whose clocks differ could put
/// the same rows into the folders of two days, where the names don't collide and the rename is not a fence. The newest claim also says
/// where a chain ends without listing its table.
/// </summary>
internal sealed class ClaimBook(ILakeStore store, LakeTable table, ChainId chain)
{
    /// <summary>Stages a claim, which is not visible yet.</summary>
    public Task StageAsync(string staged, DateOnly day, CancellationToken cancellationToken) => store.StageAsync(
        staged, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(LakePath.Day(day)), token).AsTask(), cancellationToken);

    /// <summary>Settles the day of the file that starts at an offset: our day, or that of another owner who came first.</summary>
    /// <param name="staged">A claim of the day.</param>
    /// <returns>Null if the chain has gone on beyond this offset.</returns>
    public async Task<DateOnly?> ClaimAsync(long start, DateOnly day, string staged, CancellationToken cancellationToken)
    {
        var path = LakePath.Claim(table, chain, start);
        var made = await store.CommitAsync(staged, path, cancellationToken);
        if (!made) await store.DeleteAsync(staged, cancellationToken);
        var claimed = made ? day : await ReadAsync(start, cancellationToken);

        // Checked only after the claim was made or read. An old claim is removed once a newer one exists, so an owner that claims its
        // offset again, or has read its day before, sees the newer one.
        if (await NewestAsync(cancellationToken) is not { } newest || newest > start)
        {
            if (made) await store.DeleteAsync(path, cancellationToken);
            return null;
        }

        return claimed;
    }

    /// <summary>The start offset of the newest claim; null if there is none.</summary>
    public async Task<long?> NewestAsync(CancellationToken cancellationToken)
    {
        long? newest = null;
        await foreach (var start in ListAsync(cancellationToken))
        {
            if (newest is null || start > newest) newest = start;
        }

        return newest;
    }

    /// <summary>The claimed day; null if the claim was removed because a newer one exists.</summary>
    public async Task<DateOnly?> ReadAsync(long start, CancellationToken cancellationToken)
    {
        var path = LakePath.Claim(table, chain, start);
        try
        {
            await using var stream = await store.OpenReadAsync(path, cancellationToken);
            using var reader = new StreamReader(stream);
            var text = (await reader.ReadToEndAsync(cancellationToken)).Trim();
            return LakePath.TryParseDay(text, out var day) ? day : throw new InvalidDataException($"{path} holds no day but '{text}'.");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a claim for which no file can come any more.</summary>
    public Task ForgetAsync(long start, CancellationToken cancellationToken) =>
        store.DeleteAsync(LakePath.Claim(table, chain, start), cancellationToken);

    /// <summary>Removes claims below an offset whose own claim exists.</summary>
    public async Task ForgetBelowAsync(long start, CancellationToken cancellationToken)
    {
        await foreach (var older in ListAsync(cancellationToken))
        {
            if (older < start) await store.DeleteAsync(LakePath.Claim(table, chain, older), cancellationToken);
        }
    }

    private async IAsyncEnumerable<long> ListAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in store.ListAsync(LakePath.ClaimFolder(table, chain), cancellationToken))
        {
            if (LakePath.TryParseClaim(entry.Name, out var start)) yield return start;
        }
    }
}
