namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// A bank that was played on once, by the first test that asks: the others of the assembly begin with copies of it instead of playing the
/// same again.
/// </summary>
public sealed class PlayedBank : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private EmbeddedBank? _bank;
    private string? _ledgers;

    /// <summary>Gives a new bank what <see cref="EmbeddedBank.Play"/> with the seed 1 would leave; returns the books.</summary>
    internal static async Task<string> CopyTo(EmbeddedBank bank)
    {
        var fixture = await TestContext.Current.GetFixture<PlayedBank>()
            ?? throw new InvalidOperationException("The assembly has no such fixture.");
        var (played, ledgers) = await fixture.Get();
        FolderCopy.Make(played.Folder, bank.Folder);
        return ledgers;
    }

    public ValueTask DisposeAsync()
    {
        _bank?.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(EmbeddedBank Bank, string Ledgers)> Get()
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_bank is null)
            {
                var bank = new EmbeddedBank();
                try
                {
                    _ledgers = await bank.Play(1);
                    _bank = bank;
                }
                finally
                {
                    if (_bank is null) bank.Dispose();
                }
            }

            return (_bank, _ledgers!);
        }
        finally
        {
            _turn.Release();
        }
    }
}
