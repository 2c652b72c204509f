using System.Globalization;

namespace Banking.Storage.GroupCommit;

/// <summary>
/// The rule of versions. A row's version starts at 1 and grows by one with every accepted change, including a clear, so no ETag is ever
/// reused. 0 is the version of a row that never existed; its ETag is null. An epoch other than 0 follows the version in the ETag. A state
/// read in another epoch matches no row, because a database that went back may give the same version to another state.
/// </summary>
internal static class RowVersion
{
    public const long None = 0;

    /// <summary>A version that no row has.</summary>
    public const long Unmatched = -1;

    /// <summary>The version after a change. Clearing a row that never existed leaves it that way.</summary>
    public static long After(long current, bool clear) => clear && current == None ? None : current + 1;

    public static string? ToETag(long version, int epoch = 0) =>
        version == None ? null
        : epoch == 0 ? version.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{version}@{epoch}");

    /// <summary>The version in an ETag. An ETag that this storage never made matches no row.</summary>
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
