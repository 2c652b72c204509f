using Banking.Accounts;
using Banking.Markets;
using Banking.Sink.Settings;
using Banking.Streaming.Kafka;

namespace Banking.Silo.Settings;

/// <summary>All names that the program knows, and the search for what an unknown one may have meant.</summary>
internal static class SettingNames
{
    /// <summary>
    /// The settings for Presto, which only the client queries: they are known here so that one environment serves both. An empty value
    /// counts as not set.
    /// </summary>
    private static readonly SettingNode OfTheClient = SettingNode.Leaf(SettingForm.Text with { MayBeEmpty = true });

    private static readonly SettingNode Text = SettingNode.Leaf(SettingForm.Text);

    private static readonly SettingNode Certificate = SettingNode.Group(
        ("Path", Text), ("KeyPath", Text), ("Password", Text), ("Subject", Text), ("Store", Text), ("Location", Text),
        ("AllowInvalid", SettingNode.Leaf(SettingForm.Of(typeof(bool))!)));

    private static readonly (string, SettingNode)[] OfTls =
        [("Protocols", Text), ("SslProtocols", SettingNode.OfAny("0", Text)), ("ClientCertificateMode", Text)];

    private static readonly SettingNode Levels = SettingNode.OfAny("Default", SettingNode.Leaf(SettingForm.Of(typeof(LogLevel))!));

    /// <summary>
    /// The bank's settings. Of a room's options only these are settings: the silo itself decides the others, as guarantees rest on them.
    /// </summary>
    public static SettingNode Banking { get; } = SettingNode.Group(
        (nameof(DataSettings.DataDirectory), SettingNode.Leaf(SettingForm.Text, new DataSettings().DataDirectory)),
        (Last(HttpSettings.Section), SettingNode.Of(new HttpSettings())),
        (Last(AuthSettings.Section), SettingNode.Of(new AuthSettings())),
        (Last(ClusterSettings.Section), SettingNode.Of(new ClusterSettings())),
        (Last(StorageSettings.Section), SettingNode.Of(new StorageSettings())),
        (Last(LogSettings.Section), SettingNode.Of(new LogSettings())),
        (Last(SettingsHosting.KafkaSection), SettingNode.Of(
            new KafkaLogOptions(), nameof(KafkaLogOptions.BootstrapServers), nameof(KafkaLogOptions.Topic),
            nameof(KafkaLogOptions.DeadLetterTopic), nameof(KafkaLogOptions.ReplicationFactor), nameof(KafkaLogOptions.Client))),
        (Last(LakeSinkOptions.Section), SettingNode.Of(
            new LakeSinkOptions(), nameof(LakeSinkOptions.Root), nameof(LakeSinkOptions.User), nameof(LakeSinkOptions.DelegationToken),
            nameof(LakeSinkOptions.Kerberos), nameof(LakeSinkOptions.MaxRows), nameof(LakeSinkOptions.MaxAge),
            nameof(LakeSinkOptions.MaxIdle), nameof(LakeSinkOptions.Compaction))),
        (Last(HiveOptions.Section), SettingNode.Of(new HiveOptions())),
        ("Presto", SettingNode.Group(("Url", OfTheClient), ("User", OfTheClient), ("Password", OfTheClient))),
        (Last(AccountOptions.Section), SettingNode.Of(new AccountOptions())),
        (Last(MarketOptions.Section), SettingNode.Of(new MarketOptions())),
        (Last(StopSettings.Section), SettingNode.Of(new StopSettings())));

    /// <summary>The settings of .NET's logging to the console.</summary>
    public static SettingNode Logging { get; } = SettingNode.Group(
        ("LogLevel", Levels),
        ("Console", SettingNode.Group(
            ("LogLevel", Levels),
            ("FormatterName", SettingNode.Leaf(SettingForm.OneOf("simple", "json", "systemd"), "simple")),
            ("FormatterOptions", SettingNode.Group(
                ("TimestampFormat", SettingNode.Leaf(SettingForm.Text with { MayBeEmpty = true })),
                ("UseUtcTimestamp", SettingNode.Leaf(SettingForm.Of(typeof(bool))!)),
                ("SingleLine", SettingNode.Leaf(SettingForm.Of(typeof(bool))!)),
                ("IncludeScopes", SettingNode.Leaf(SettingForm.Of(typeof(bool))!)),
                ("ColorBehavior", SettingNode.Leaf(SettingForm.OneOf("Default", "Enabled", "Disabled"))),
                ("JsonWriterOptions", SettingNode.OfAny("Indented", SettingNode.Leaf(SettingForm.Text))))),
            ("LogToStandardErrorThreshold", SettingNode.Leaf(SettingForm.Of(typeof(LogLevel))!)),
            ("MaxQueueLength", SettingNode.Leaf(SettingForm.Of(typeof(int))!)),
            ("QueueFullMode", SettingNode.Leaf(SettingForm.OneOf("Wait", "DropWrite"))))),
        ("Debug", SettingNode.Group(("LogLevel", Levels))),
        ("EventSource", SettingNode.Group(("LogLevel", Levels))),
        ("EventLog", SettingNode.Group(("LogLevel", Levels))));

    /// <summary>The settings of .NET's web server. It checks their values itself.</summary>
    public static SettingNode Kestrel { get; } = SettingNode.Group(
        ("Endpoints", SettingNode.OfAny("name", SettingNode.Group(
            [("Url", Text), ("Certificate", Certificate), ("Sni", SettingNode.OfAny("host", SettingNode.Group(
                [("Certificate", Certificate), .. OfTls]))), .. OfTls]))),
        ("EndpointDefaults", SettingNode.Group(OfTls)),
        ("Certificates", SettingNode.OfAny("Default", Certificate)));

    /// <summary>Everything that a command line may set. Kestrel and the host check their own settings themselves.</summary>
    public static SettingNode Root { get; } = SettingNode.Group(
        (WebHostDefaults.ServerUrlsKey,
            SettingNode.Leaf(SettingForm.Text with { MayBeEmpty = true }, Hosting.BankingApplication.DefaultUrl)),
        (WebHostDefaults.EnvironmentKey, SettingNode.Leaf(SettingForm.Text, "Production")),
        ("AllowedHosts", SettingNode.Leaf(SettingForm.Text)),
        (BankingSettings.Section, Banking),
        ("Logging", Logging),
        ("Kestrel", Kestrel));

    /// <summary>A sentence about an unknown name.</summary>
    public static string Unknown(string name) => Nearest(name) is { } known
        ? $"Unknown setting {name}: the nearest known one is {known}."
        : $"Unknown setting {name}: --help lists all.";

    public static string IsGroup(string name) => $"{name} is a group of settings, and has no value itself: --help lists them.";

    /// <summary>The setting or group with a full name; null if there is none.</summary>
    public static SettingNode? Find(string name)
    {
        var node = Root;
        foreach (var part in name.Split(':'))
        {
            if (part.Length == 0 || node?.Find(part) is not { } next) return null;
            node = next;
        }

        return node;
    }

    /// <summary>Whether a word may be a mistyped form of another one.</summary>
    public static bool IsNearly(string word, string other) => word.Length > 3 && Distance(word, other) is > 0 and <= 2;

    private static string Last(string section) => section[(section.LastIndexOf(':') + 1)..];

    // If the first names are left out, the text is the end of a full name.
    private static string? Nearest(string name)
    {
        string[] all = [.. Root.All("").Select(known => known.Name)];
        var nearest = all.MinBy(known => Distance(name, known))!;
        var distance = Distance(name, nearest);
        if (distance <= 1) return nearest;
        return all.FirstOrDefault(known => known.EndsWith(":" + name, StringComparison.OrdinalIgnoreCase))
            ?? (distance <= Math.Max(2, name.Length / 4) ? nearest : null);
    }

    // The Levenshtein distance: the fewest letters to add, remove or replace, ignoring case.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var exchanged = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
