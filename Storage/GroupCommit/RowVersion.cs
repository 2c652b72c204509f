using System.Globalization;

namespace Banking.Storage.GroupCommit;

/// <summary>
/// The rule of versions. A row's version starts at 1 and grows by one with every accepted change, a clear included, so no ETag ever comes
/// back. 0 is the version of a row that never existed; its ETag is null. An epoch other than 0 stands in the ETag behind the version: what
/// was read in another one matches no row, for a database that went back may give the same version to another state.
/// </summary>
internal static class RowVersion
{
    public const long None = 0;

    /// <summary>A version that no row has.</summary>
    public const long Unmatched = -1;

    /// <summary>The version that a change leaves behind. Clearing what never existed leaves nothing.</summary>
    public static long After(long current, bool clear) => clear && current == None ? None : current + 1;

    public static string? ToETag(long version, int epoch = 0) =>
        version == None ? null
        : epoch == 0 ? version.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{version}@{epoch}");

    /// <summary>An ETag that this storage never made is one that no row matches.</summary>
    public static long FromETag(string? etag, int epoch = 0)
    {
        if (string.IsNullOrEmpty(etag)) return None;
        var number = etag.AsSpan();
        if (epoch != 0)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"@{epoch}");
            if (!etag.EndsWith(suffix, StringComparison.Ordinal)) return Unmatched;
            number = number[..^suffix.Length];
        }

        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > None
            ? version
            : Unmatched;
    }
}
