namespace Banking.Silo.Settings;

/// <summary>Finds the first setting, wherever it was set, that has an unknown name or a malformed value.</summary>
internal static class SettingsCheck
{
    /// <returns>A sentence saying what is wrong; null if nothing is.</returns>
    public static string? FaultOf(IConfiguration configuration) =>
        MistypedSection(configuration)
        ?? FaultOf(configuration.GetSection(BankingSettings.Section), SettingNames.Banking)
        ?? FaultOf(configuration.GetSection("Logging"), SettingNames.Logging)
        ?? FaultOf(configuration.GetSection("Kestrel"), SettingNames.Kestrel)
        ?? (bool.TryParse(configuration["ForwardedHeaders_Enabled"], out var forwards) && forwards
            ? "ForwardedHeaders_Enabled would believe everybody who calls: set Banking:Http:BehindProxy and KnownProxies instead."
            : null);

    /// <summary>The durations that are set, as the binder reads them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Durations(IConfiguration configuration) =>
        [.. configuration.GetSection(BankingSettings.Section).AsEnumerable().Select(Read).OfType<KeyValuePair<string, string?>>()];

    private static KeyValuePair<string, string?>? Read(KeyValuePair<string, string?> at) =>
        at.Value is { } value && SettingNames.Find(at.Key)?.Form == SettingForm.Duration
            ? new(at.Key, SettingForm.Duration.Normalized(value))
            : null;

    // The environment is full of other programs' names: only one that is nearly ours can be a mistake.
    private static string? MistypedSection(IConfiguration configuration)
    {
        foreach (var section in configuration.GetChildren().Where(section => section.GetChildren().Any()))
        {
            if (SettingNames.IsNearly(section.Key, BankingSettings.Section) || SettingNames.IsNearly(section.Key, "Logging"))
                return SettingNames.Unknown(FirstBelow(section).Path);
        }

        return null;
    }

    private static string? FaultOf(IConfigurationSection section, SettingNode node)
    {
        if (section.Value is { Length: > 0 } && node.Form is null && section.Path.Contains(':', StringComparison.Ordinal))
            return SettingNames.IsGroup(section.Path);
        if (section.Value is { } value && node.Form is { } form && form.FaultOf(section.Path, value) is { } fault) return fault;
        foreach (var child in section.GetChildren())
        {
            var below = node.Find(child.Key);
            if (below is null) return SettingNames.Unknown(FirstBelow(child).Path);
            if (FaultOf(child, below) is { } found) return found;
        }

        return null;
    }

    private static IConfigurationSection FirstBelow(IConfigurationSection section) =>
        section.GetChildren().FirstOrDefault() is { } child ? FirstBelow(child) : section;
}
