using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Banking.Client.Banks;

namespace Banking.Client.Terminals;

/// <summary>Options that several commands share; each command gets its own instance.</summary>
internal static class CommonOptions
{
    public static Option<Uri[]> Url() => new("--url")
    {
        Description = "Where the bank's HTTP API listens; several silos of a cluster are separated by commas, and stand in for each other.",
        HelpName = "http://host:port,...",
        DefaultValueFactory = _ => [new Uri("http://127.0.0.1:5000")],
        CustomParser = result => Several(result, "an http or https address", text =>
            Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Query: "", Fragment: "" }
                ? url
                : null),
    };

    public static Option<DnsEndPoint[]> Gateway() => new("--gateway")
    {
        Description = "Talk to the Orleans gateways there instead of the HTTP API; several silos of a cluster are separated by commas. "
            + $"Where they want a certificate: {GatewayTls.Prefix}Certificate, Key and Authority of the environment name PEM files.",
        HelpName = "host:port,...",
        DefaultValueFactory = _ => [],
        CustomParser = result => Several(result, "host:port", text =>
        {
            var colon = text.LastIndexOf(':');
            return colon > 0 && int.TryParse(text.AsSpan(colon + 1), out var port) && port is > 0 and <= 65_535
                ? new DnsEndPoint(text[..colon].Trim('[', ']'), port)
                : null;
        }),
    };

    public static Option<string> Lake() => new("--lake")
    {
        Description = "The folder of the lake's tables.",
        HelpName = "folder",
        DefaultValueFactory = _ => Path.Combine(".", "data", "lake"),
    };

    /// <summary>How long to keep asking again; within the range of Polly's timeout.</summary>
    public static Option<TimeSpan?> GiveUpAfter(string description) => Time("--give-up-after", description, "10ms", "24h");

    /// <summary>A time as people write it: <c>90s</c>, <c>2m</c>, <c>1h</c>, <c>500ms</c>.</summary>
    /// <param name="least">Written the same way.</param>
    /// <param name="most">Written the same way.</param>
    public static Option<TimeSpan?> Time(string name, string description, string least, string most) => new(name)
    {
        Description = description,
        HelpName = "30s|2m|1h",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!TryParseTime(text, out var time)) result.AddError($"{name} must be a time such as 30s, 2m or 1h, not '{text}'.");
            else if (time < ParseTime(least) || time > ParseTime(most))
                result.AddError($"{name} must be from {least} to {most}, not {text}.");
            else return time;
            return null;
        },
    };

    public static void AtLeast(this Option option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < least || value > most))
            result.AddError($"{option.Name} must be from {least} to {most}, not {value}.");
    });

    private static T[] Several<T>(ArgumentResult result, string expected, Func<string, T?> parse) where T : class
    {
        var values = new List<T>();
        foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (parse(text) is { } value) values.Add(value);
            else result.AddError($"{((OptionResult)result.Parent!).Option.Name} must be {expected}, not '{text}'.");
        }

        return [.. values.Distinct()];
    }

    private static TimeSpan ParseTime(string text) =>
        TryParseTime(text, out var time) ? time : throw new FormatException($"'{text}' is no time.");

    internal static bool TryParseTime(string text, out TimeSpan time)
    {
        time = default;
        var digits = text.AsSpan().TrimEnd("hms");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (!(number is > 0 and <= 1e6)) return false;
        var unit = text[digits.Length..] switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        time = TimeSpan.FromMilliseconds(number * unit);
        return unit > 0;
    }
}
