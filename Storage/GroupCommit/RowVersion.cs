using System.Globalization;

namespace Banking.Storage.GroupCommit;

/// <summary>
/// The rule of versions. A row's version starts at 1 and grows by one with every accepted change, a clear included, so no ETag ever comes
/// back. 0 is the version of a row that never existed; its ETag is null.
/// </summary>
internal static class RowVersion
{
    public const long None = 0;

    /// <summary>A version that no row has.</summary>
    public const long Unmatched = -1;

    /// <summary>The version that a change leaves behind. Clearing what never existed leaves nothing.</summary>
    public static long After(long current, bool clear) => clear && current == None ? None : current + 1;

    public static string? ToETag(long version) => version == None ? null : version.ToString(CultureInfo.InvariantCulture);

    /// <summary>An ETag that this storage never made is one that no row matches.</summary>
    public static long FromETag(string? etag) =>
        string.IsNullOrEmpty(etag) ? None
        : long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > None ? version
        : Unmatched;
}
