namespace Banking.Benchmarks.Processes;

/// <summary>For the peers that run as processes of their own: they end with whoever started them, however that ends.</summary>
internal static class ParentProcess
{
    /// <summary>Returns at the end of the standard input, which is a pipe from the parent.</summary>
    public static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        await using var input = Console.OpenStandardInput();
        await Task.Run(input.ReadByte, CancellationToken.None).WaitAsync(cancellationToken);
    }
}
