namespace Banking.Client.Banks;

/// <summary>A bank's address; it may have a path, if a proxy serves more than the bank.</summary>
internal static class BankUrls
{
    private static readonly UriCreationOptions AlreadyEscaped = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The address without a trailing slash.</summary>
    public static string RootOf(Uri bank) => bank.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <param name="path">From <c>/v1</c> on, escaped.</param>
    public static Uri At(string root, string path) => new(root + path, AlreadyEscaped);

    /// <param name="path">From <c>/v1</c> on, escaped.</param>
    public static Uri At(Uri bank, string path) => At(RootOf(bank), path);
}
