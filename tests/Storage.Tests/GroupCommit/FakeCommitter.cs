using Banking.Storage.GroupCommit;

namespace Banking.Storage.Tests.GroupCommit;

/// <summary>A database in memory whose commits stop and fail as a test wants.</summary>
internal sealed class FakeCommitter : IBatchCommitter
{
    private readonly Dictionary<GrainRow, long> _versions = [];
    private readonly SemaphoreSlim _entered = new(0);
    private readonly ManualResetEventSlim _gate = new(initialState: true);

    public List<string[]> Batches { get; } = [];

    public Exception? Failure { get; set; }

    public Exception? TidyFailure { get; set; }

    public Exception? DisposeFailure { get; set; }

    public bool IsDisposed { get; private set; }

    public int Thread { get; private set; }

    /// <summary>Stops commits before their end, until <see cref="Open"/>.</summary>
    public void Close() => _gate.Reset();

    public void Open() => _gate.Set();

    /// <summary>Ends when one more commit has begun.</summary>
    public async Task Entered() => Assert.True(await _entered.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

    public void Commit(IReadOnlyList<GrainWrite> batch)
    {
        Thread = Environment.CurrentManagedThreadId;
        _entered.Release();
        Assert.True(_gate.Wait(TimeSpan.FromSeconds(10)));
        if (Failure is { } failure) throw failure;
        Batches.Add([.. batch.Select(write => write.Row.StateName)]);
        foreach (var write in batch)
        {
            var current = _versions.GetValueOrDefault(write.Row);
            if (current != write.Expected) write.Refuse(current);
            else write.Accept(_versions[write.Row] = RowVersion.After(current, write.Payload is null));
        }
    }

    public void Tidy()
    {
        if (TidyFailure is { } failure) throw failure;
    }

    public void Dispose()
    {
        IsDisposed = true;
        _entered.Dispose();
        _gate.Dispose();
        if (DisposeFailure is { } failure) throw failure;
    }
}
