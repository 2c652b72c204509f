using System.Globalization;
using System.Text.RegularExpressions;
using Banking.Silo.Settings;

namespace Banking.Silo.Tests.Settings;

/// <summary>Names and defaults of the settings in docs/operations.md are those of the options.</summary>
public sealed partial class DocumentedSettingsTests
{
    private static readonly Dictionary<string, string?> Documented = Read();

    [Fact]
    public void Names_Always_AreThoseOfTheOptions() =>
        Assert.Equal(Known().Select(setting => setting.Name).Order(StringComparer.Ordinal), Documented.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Defaults_Always_AreThoseOfTheOptions() => Assert.All(Known(), setting =>
    {
        // What there is in words says how another value follows.
        if (setting.Default is not null) Assert.Equal((setting.Name, setting.Default), (setting.Name, Documented[setting.Name]));
    });

    /// <summary>The names of all settings, those of a list by the list's, and their defaults; null: none.</summary>
    private static IEnumerable<(string Name, string? Default)> Known() => SettingNames.Banking.All(BankingSettings.Section)
        .Select(setting => (Element().Replace(setting.Name, ""), Text(setting.Node.Standard)))
        .Distinct();

    private static string? Text(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // | `A:B`, `C` | `b` (bounds), `c` | meaning |: a name that stands alone has the group of the one before it.
    private static Dictionary<string, string?> Read()
    {
        var found = new Dictionary<string, string?>(StringComparer.Ordinal);
        var rows = File.ReadAllLines(Path.Combine(DeployTests.Root(), "docs", "operations.md"))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length >= 3 && Setting().IsMatch(cells[0]));
        foreach (var cells in rows)
        {
            var group = "";
            var defaults = Bounds().Replace(cells[1], "").Split(',', StringSplitOptions.TrimEntries);
            foreach (var (at, name) in Name().Matches(cells[0]).Select(match => match.Groups["name"].Value).Index())
            {
                var full = name.Contains("__", StringComparison.Ordinal) ? name.Replace("__", ":", StringComparison.Ordinal)
                    : name.Contains(':', StringComparison.Ordinal) ? name : group + name;
                group = full[..(full.LastIndexOf(':') + 1)];
                found.Add(full.Replace("<name>", "name", StringComparison.Ordinal), DefaultAt(defaults, at));
            }
        }

        return found;
    }

    private static string? DefaultAt(string[] defaults, int at) => at < defaults.Length ? Written(defaults[at].Trim('`')) : null;

    // A fraction of a second is written without its last zeros.
    private static string Written(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && text.Contains(':', StringComparison.Ordinal)
            ? duration.ToString()
            : text;

    [GeneratedRegex(@"^`(Banking:|Banking__Presto)[\w:<>]+`(, `\w+`)*$")]
    private static partial Regex Setting();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@" ?\([^)]*\)")]
    private static partial Regex Bounds();

    [GeneratedRegex(":0:.*$")]
    private static partial Regex Element();
}
