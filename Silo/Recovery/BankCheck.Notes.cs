using System.Globalization;
using Banking.Lake;
using Banking.Recovery;

namespace Banking.Silo.Recovery;

/// <summary>A partition of a log about which storage has noted something that is not there.</summary>
internal sealed record StrayMark(string Log, int Partition, string Sentence);

// What storage notes about log and lake, and what follows from that later.
internal sealed partial class BankCheck
{
    /// <summary>How long the lake may take to say whose it is: one that does not is taken for unavailable.</summary>
    private static readonly TimeSpan LakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a lake that is there may take to answer a question, for which it may have to list all of its chains.</summary>
    private static readonly TimeSpan QuestionTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Marks of the log as it is now, when storage has everything that is in it.</summary>
    public Task<LogMark[]> TakeMarksAsync(CancellationToken cancellationToken) => _marks.TakeAsync(cancellationToken);

    /// <summary>Notes marks in storage: the next check begins there.</summary>
    public Task WriteMarksAsync(LogMark[] marks) =>
        store.ChangeBankAsync(record => record.Marks.AsSpan().SequenceEqual(marks) ? record : record with { Marks = marks });

    /// <summary>
    /// Notes in storage how far the log reaches, so that a log that lost its end is recognized. Unlike marks this says nothing about what
    /// storage has, so it is noted at once.
    /// </summary>
    public async Task NoteEndsAsync(CancellationToken cancellationToken)
    {
        var ends = await _marks.EndsAsync(cancellationToken);
        await store.ChangeBankAsync(record => record.Ends.AsSpan().SequenceEqual(ends) ? record : record with { Ends = ends });
    }

    /// <summary>Notes in storage which lake the events go to, once the lake says whose it is.</summary>
    /// <returns>A sentence if the lake is not the one noted before; null if it is, or can't be read.</returns>
    public async Task<string?> CompareLakeAsync(CancellationToken cancellationToken)
    {
        var (fault, lake) = await TryAskLakeAsync(identity.ReadAsync, LakeTimeout, cancellationToken);
        return fault is null ? await CompareLakeIdAsync(lake) : null;
    }

    /// <summary>Makes storage accept the present lake as the bank's.</summary>
    public Task ForgetLakeAsync() => store.ChangeBankAsync(record => record with { Lake = null });

    /// <summary>What storage has noted about logs that is not in this log or, for an earlier log, not in the lake.</summary>
    public async Task<IReadOnlyList<StrayMark>> FindStrayMarksAsync(CancellationToken cancellationToken)
    {
        await log.OpenAsync(cancellationToken);
        if ((await store.ReadBankAsync()).State is not { } noted) return [];
        var stray = await FindUnfinishedLogsAsync(noted, cancellationToken);
        for (var p = 0; p < log.LatestPartitionCount; p++)
        {
            var outcome = await _marks.CompareAsync(noted, p, await log.GetBoundsAsync(p, cancellationToken), cancellationToken);
            if (outcome.Refusal is { } sentence) stray.Add(new StrayMark(log.LogId, p, sentence));
        }

        return stray;
    }

    /// <summary>
    /// Makes the next check read these partitions of the log from their first record on, and no longer ask for those of another log.
    /// </summary>
    public Task ForgetAsync(IReadOnlyCollection<StrayMark> stray)
    {
        var places = stray.Select(mark => (mark.Log, mark.Partition)).ToHashSet();
        return store.ChangeBankAsync(record => record with
        {
            Marks = [.. record.Marks.Where(mark => !places.Contains((mark.Log, mark.Partition)))],
            Ends = [.. record.Ends.Where(end => !places.Contains((end.Log, end.Partition)))],
        });
    }

    // Chains of the lake that get nothing more because a log is gone or lost its end: the present log does not have what they have.
    private async Task<string[]> FindClosedChainsAsync(BankRecord record, bool isLost, bool hasLog, CancellationToken cancellationToken)
    {
        async Task<string[]?> FindAsync(CancellationToken token) =>
            (await identity.ReadAsync(token))?.BankId == record.Bank ? [.. await evidence.FindClosedChainsAsync(token)] : [];

        var fed = record.Marks.Select(mark => mark.Log).Concat(record.Ends.Select(end => end.Log)).ToList();
        var wasFedElsewhere = fed.Count > 0 && !fed.Contains(log.LogId);
        if (!isLost && !wasFedElsewhere) return await AskLakeAsync(FindAsync, cancellationToken) ?? [];
        try
        {
            return await FindAsync(cancellationToken) ?? [];
        }
        catch (IOException e) when (isLost && !hasLog)
        {
            throw LakeUnreadException.For(e);
        }
    }

    // Another log has taken the place of one that the lake does not have completely.
    private async Task<List<StrayMark>> FindUnfinishedLogsAsync(BankRecord record, CancellationToken cancellationToken)
    {
        var unfinished = new List<StrayMark>();
        var others = Array.FindAll(record.Ends, end => end.Log != log.LogId);
        if (others.Length == 0 || (await identity.ReadAsync(cancellationToken))?.BankId != record.Bank) return unfinished;
        foreach (var end in others)
        {
            var covered = await evidence.FindEndAsync(end.Log, end.Partition, cancellationToken);
            if (covered >= end.Next) continue;
            unfinished.Add(new StrayMark(end.Log, end.Partition, string.Create(
                CultureInfo.InvariantCulture,
                $"The log is new, and the one before, {end.Log}, is not wholly in the lake: partition {end.Partition} went up to offset "
                + $"{end.Next - 1}, and the lake has it below offset {covered}. "
                + $"Put that log back until the lake has the rest, or see what Client repair says.")));
        }

        return unfinished;
    }

    // An unavailable lake gives no answer: accounts do not wait for it, and its sinks don't write before they have looked. One that is
    // there gets time, as it may answer that accounts have to take in events before they act.
    private async Task<T?> AskLakeAsync<T>(Func<CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        var (fault, _) = await TryAskLakeAsync(identity.ReadAsync, LakeTimeout, cancellationToken);
        T? answer = null;
        if (fault is null) (fault, answer) = await TryAskLakeAsync(ask, QuestionTimeout, cancellationToken);
        if (fault is not null) LogLakeNotAsked(fault);
        return answer;
    }

    private async Task<(string? Fault, T? Answer)> TryAskLakeAsync<T>(
        Func<CancellationToken, Task<T?>> ask, TimeSpan limit, CancellationToken cancellationToken)
        where T : class
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return (null, await ask(either.Token));
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return (e.Message, null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return (string.Create(CultureInfo.InvariantCulture, $"it did not answer within {limit.TotalSeconds} s."), null);
        }
    }

    private async Task<string?> CompareLakeIdAsync(LakeIdentity? lake)
    {
        var record = await store.ReadBankAsync();
        if (record.State is not { } state || !record.RecordExists) return null;
        if (state.Lake == lake?.LakeId) return null;
        if (state.Lake is { } known)
        {
            return $"The lake is {lake?.LakeId ?? "new"}, and this bank's events went to {known}: "
                + "what the log no longer has is not in this one. "
                + "Set Banking:Lake:Root to the other one, or have Client repair take this one.";
        }

        if (lake?.BankId != state.Bank) return null;
        record.State = state with { Lake = lake.LakeId };
        await store.WriteBankAsync(record);
        return null;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The lake was not compared with database and log, which are taken to be up to date: {Reason}")]
    private partial void LogLakeNotAsked(string reason);
}
