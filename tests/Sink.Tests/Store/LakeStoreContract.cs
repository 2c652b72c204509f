using System.Text;
using Banking.Lake.Identity;
using Banking.Lake.Store;

namespace Banking.Sink.Tests.Store;

/// <summary>What every lake store must do; one derived class an implementation.</summary>
public abstract class LakeStoreContract
{
    protected abstract ILakeStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StageAsync_WhenTheNameIsTaken_ThenThrowsAndKeepsTheFile()
    {
        await StageAsync("_staging/a", "first");

        await Assert.ThrowsAnyAsync<IOException>(() => StageAsync("_staging/a", "second"));

        Assert.Equal("first", await ReadAsync("_staging/a"));
    }

    [Fact]
    public async Task StageAsync_WhenWritten_ThenTheBytesAreThere()
    {
        var length = await StageAsync("_staging/a", "hello");

        Assert.Equal(5, length);
        Assert.Equal("hello", await ReadAsync("_staging/a"));
    }

    [Fact]
    public async Task StageAsync_WhenTheWriterFails_ThenNothingIsLeft()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.StageAsync(
            "_staging/a",
            async (stream, token) =>
            {
                await stream.WriteAsync(new byte[1000], token);
                throw new InvalidOperationException();
            },
            Token));

        Assert.Empty(await ListAsync("_staging"));
    }

    [Fact]
    public async Task CommitAsync_WhenTheTargetIsFree_ThenTheFileIsThereAndNoLongerStaged()
    {
        await StageAsync("_staging/a", "hello");

        Assert.True(await Store.CommitAsync("_staging/a", "t/dt=1/f", Token));

        Assert.Equal("hello", await ReadAsync("t/dt=1/f"));
        Assert.Empty(await ListAsync("_staging"));
    }

    [Fact]
    public async Task CommitAsync_WhenTheTargetExists_ThenItIsKeptAndTheStagedFileToo()
    {
        await StageAsync("_staging/a", "first");
        await StageAsync("_staging/b", "second");
        await Store.CommitAsync("_staging/a", "t/f", Token);

        Assert.False(await Store.CommitAsync("_staging/b", "t/f", Token));

        Assert.Equal(("first", "second"), (await ReadAsync("t/f"), await ReadAsync("_staging/b")));
    }

    [Fact]
    public async Task CommitAsync_WhenManyTryAtOnce_ThenExactlyOneSucceeds()
    {
        for (var i = 0; i < 16; i++) await StageAsync($"_staging/{i}", $"{i}");

        var won = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => Task.Run(() => Store.CommitAsync($"_staging/{i}", "t/f", Token), Token)));

        Assert.Single(won, true);
        Assert.Equal($"{Array.IndexOf(won, true)}", await ReadAsync("t/f"));
    }

    [Fact]
    public async Task CommitAsync_WhenTheStagedFileIsGone_ThenThrows() =>
        await Assert.ThrowsAnyAsync<IOException>(() => Store.CommitAsync("_staging/none", "t/f", Token));

    [Fact]
    public async Task OpenReadAsync_WhenThereIsNoFile_ThenThrowsFileNotFound() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => Store.OpenReadAsync("no/such", Token));

    [Fact]
    public async Task OpenReadAsync_WhenSought_ThenReadsFromThere()
    {
        await StageAsync("_staging/a", "hello");

        await using var stream = await Store.OpenReadAsync("_staging/a", Token);
        stream.Seek(-2, SeekOrigin.End);

        Assert.Equal("lo", await new StreamReader(stream).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task ListAsync_WhenThereIsNoFolder_ThenIsEmpty() => Assert.Empty(await ListAsync("none"));

    [Fact]
    public async Task ListAsync_WhenAFolderHoldsFilesAndFolders_ThenNamesBoth()
    {
        await StageAsync("t/f", "12345");
        await StageAsync("t/dt=1/g", "1");

        var entries = await ListAsync("t");

        Assert.Equal(
            [("dt=1", true, 0), ("f", false, 5)],
            entries.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => (e.Name, e.IsFolder, e.Length)));
    }

    [Fact]
    public async Task DeleteAsync_WhenCalledTwice_ThenTheFileIsGone()
    {
        await StageAsync("t/f", "1");

        await Store.DeleteAsync("t/f", Token);
        await Store.DeleteAsync("t/f", Token);

        Assert.Empty(await ListAsync("t"));
    }

    [Fact]
    public async Task DeleteFolderAsync_WhenCalledTwice_ThenTheFolderAndWhatWasInItAreGone()
    {
        await StageAsync("t/dt=1/f", "1");
        await StageAsync("t/dt=1/deeper/g", "1");
        await StageAsync("t/dt=2/f", "1");

        await Store.DeleteFolderAsync("t/dt=1", Token);
        await Store.DeleteFolderAsync("t/dt=1", Token);

        Assert.Equal(["dt=2"], (await ListAsync("t")).Select(e => e.Name));
    }

    [Fact]
    public async Task ClaimAsync_WhenTwoBanksClaimTheLakeAtOnce_ThenBothHearWhoseItIs()
    {
        var claims = await Task.WhenAll(new[] { "bank1", "bank2" }.Select(bank => new LakeIdentityFiles(Store).ClaimAsync(bank, Token)));

        Assert.Equal(claims[0], claims[1]);
        Assert.Equal(claims[0], await new LakeIdentityFiles(Store).ReadAsync(Token));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("t/../../x")]
    [InlineData("t/..")]
    [InlineData("/tmp/x")]
    [InlineData("t//x")]
    [InlineData("t/")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("..\\x")]
    [InlineData("C:/x")]
    [InlineData("a?op=DELETE")]
    [InlineData("a\nb")]
    public async Task EveryMember_WhenThePathCouldLeadOutOfTheLake_ThenThrows(string path)
    {
        await StageAsync("t/f", "1");
        await StageAsync("_staging/a", "1");

        await Assert.ThrowsAsync<ArgumentException>(() => ListAsync(path));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenReadAsync(path, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => StageAsync(path, "2"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync("_staging/a", path, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync(path, "t/g", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SettleAsync(path, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(path, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteFolderAsync(path, Token));

        Assert.Equal(["f"], (await ListAsync("t")).Select(entry => entry.Name));
    }

    [Fact]
    public async Task List_WhenFilesComeIntoAFolder_ThenItsTokenChanges()
    {
        await AddAsync("first");
        var before = await TokenAsync();

        // Within a moment of the store's clock the token may stay the same.
        for (var i = 0; i < 100 && await TokenAsync() == before; i++) await AddAsync($"next-{i}");

        Assert.NotEqual(before, await TokenAsync());
        return;

        async Task AddAsync(string name)
        {
            await StageAsync($"_staging/{name}", name);
            Assert.True(await Store.CommitAsync($"_staging/{name}", $"table/day/{name}", Token));
        }

        async Task<string?> TokenAsync() => (await ListAsync("table")).Single(entry => entry.Name == "day").ChangeToken;
    }

    private Task<long> StageAsync(string path, string text) =>
        Store.StageAsync(path, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask(), Token);

    private async Task<string> ReadAsync(string path)
    {
        await using var stream = await Store.OpenReadAsync(path, Token);
        return await new StreamReader(stream).ReadToEndAsync(Token);
    }

    private async Task<List<LakeEntry>> ListAsync(string folder)
    {
        var entries = new List<LakeEntry>();
        await foreach (var entry in Store.ListAsync(folder, Token)) entries.Add(entry);
        return entries;
    }
}
