namespace Banking.Benchmarks.Storage;

/// <summary>Files that lie in this program.</summary>
internal static class EmbeddedText
{
    /// <param name="name">Of a file beside this class.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(typeof(EmbeddedText), name)
            ?? throw new InvalidOperationException($"{name} is not in this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
