namespace Banking.Sink.Settings;

/// <summary>The Hive metastore in which the lake's tables are.</summary>
public sealed class HiveOptions
{
    public const string Section = "Banking:Hive";

    /// <summary>
    /// <c>thrift://host:9083</c>; several separated by commas: when one fails the next one is asked. Null: no metastore is told of the lake.
    /// </summary>
    public string? Metastore { get; set; }

    /// <summary>Made if it does not exist.</summary>
    public string Database { get; set; } = "default";

    /// <summary>
    /// The URL under which Hive and Presto see the lake's root, such as <c>hdfs://host:9000/banking</c>. Null: a lake on HDFS gives its
    /// path alone, which the metastore puts on its own default file system; a folder is <c>file:</c> and its path.
    /// </summary>
    public string? Location { get; set; }
}
