namespace Banking.Lake.Files;

/// <summary>A finished file in memory.</summary>
/// <param name="isShared">The rows keep it, for whoever stages them again.</param>
internal sealed class EncodedFile(FileDraft file, bool isShared) : IDisposable
{
    /// <summary>Can be called again.</summary>
    public Task WriteToAsync(Stream output, CancellationToken cancellationToken) => file.WriteToAsync(output, cancellationToken);

    public void Dispose()
    {
        if (!isShared) file.Dispose();
    }
}
