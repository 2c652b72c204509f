using Banking.Lake.Catalog;
using Banking.Lake.Hdfs;
using Banking.Lake.Hive;
using Banking.Sink.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Hosting;

/// <summary>Makes the lake's catalog.</summary>
public static class LakeCatalogs
{
    /// <returns>A sentence saying what is wrong, beginning with the setting's name; null if nothing is wrong, or if there is to be no
    /// catalog.</returns>
    internal static string? ProblemOf(HiveOptions? options) => options switch
    {
        null => null,
        { Metastore: null, Location: not null } => $"Location is of no use without {HiveOptions.Section}:Metastore.",
        _ when MetastoreAddress.TryParse(options.Metastore ?? "") is null =>
            "Metastore must be thrift://host:port, with several metastores separated by commas.",
        { Database: not { Length: >= 1 and <= 128 } } => "Database must be a name of 1 to 128 characters.",
        _ when !options.Database.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') =>
            $"Database can't be '{options.Database}': only lower-case letters, digits and underscores.",
        { Location: { } location } when !LakeLocation.IsUrl(location) =>
            "Location must be a URL as Hive knows it, such as hdfs://host:9000/banking, or not be set.",
        _ => null,
    };

    /// <summary>The lake's catalog; null if there is to be none, so that queries go by the lake's manifests alone.</summary>
    internal static ILakeCatalog? Of(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value.Hive is null ? null : provider.GetRequiredService<ILakeCatalog>();

    internal static ILakeCatalog Create(LakeSinkOptions options, TimeProvider time)
    {
        if (options.Hive is not { Metastore: { } address } hive)
            throw new InvalidOperationException("The lake's Hive is not set: there is no catalog.");
        var metastore = new MetastoreConnection(MetastoreAddress.TryParse(address)!, MetastoreTimeouts.Default, time);
        return new HiveLakeCatalog(metastore, hive.Database, LocationOf(options.Root, hive.Location), time);
    }

    /// <param name="location">The location from the settings; null for a folder on this machine, or the path on HDFS.</param>
    internal static LakeLocation LocationOf(string root, string? location) => location switch
    {
        not null => LakeLocation.Of(location),
        null when LakeStores.IsFolder(root) => LakeLocation.OfFolder(root),
        _ => LakeLocation.Of(WebHdfsAddress.Parse(root).Path),
    };
}
