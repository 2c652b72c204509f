using System.Net;
using Banking.Silo.Starting;

namespace Banking.Silo.Settings;

/// <summary>Finds the first setting, wherever it was set, that has an unknown name or a malformed value.</summary>
internal static class SettingsCheck
{
    /// <returns>A sentence saying what is wrong; null if nothing is.</returns>
    public static string? FaultOf(IConfiguration configuration) =>
        MistypedSection(configuration)
        ?? FaultOf(configuration.GetSection(BankingSettings.Section), SettingNames.Banking)
        ?? FaultOf(configuration.GetSection("Logging"), SettingNames.Logging)

        // Kestrel would listen on them whatever --urls says.
        ?? (configuration.GetSection("Kestrel:Endpoints").Exists() ? "Kestrel:Endpoints is not used: set --urls." : null);

    /// <summary>The durations that are set, as the binder reads them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Durations(IConfiguration configuration) =>
        [.. configuration.GetSection(BankingSettings.Section).AsEnumerable().Select(Read).OfType<KeyValuePair<string, string?>>()];

    /// <summary>
    /// Refuses URLs beyond this machine: there is no authentication yet, so anybody who reaches the port can play with every account.
    /// </summary>
    /// <exception cref="StartException">One of the URLs is malformed, or can be reached from other machines.</exception>
    public static void CheckLoopback(string urls)
    {
        var all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Check(all.Length > 0, "--urls is empty: it must be a URL to listen on.");
        foreach (var url in all)
        {
            Check(
                Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/",
                $"'{url}' is no URL to listen on.");
            var loopback = uri!.IsLoopback || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address));
            Check(loopback, $"{url} is reachable from other machines, and there is no authentication: listen on 127.0.0.1.");
            Check(
                uri.Port != 0 || uri.Host != "localhost",
                "--urls: localhost is two addresses, and port 0 would be two ports: write http://127.0.0.1:0.");
        }
    }

    private static void Check([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool ok, string sentence)
    {
        if (!ok) throw new StartException(sentence);
    }

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
