using System.Globalization;
using System.Reflection;
using System.Text;
using Banking.Silo.Starting;

namespace Banking.Silo.Settings;

/// <summary>
/// The program's arguments: settings, or a question about the program. .NET's own reader accepts anything, and drops what it does not
/// understand.
/// </summary>
internal static class CommandLine
{
    private const int NameWidth = 54;

    /// <summary>What is printed instead of starting; null if the program starts.</summary>
    public static string? AnswerTo(IReadOnlyList<string> args) =>
        args.Any(arg => arg is "--help" or "-h" or "-?" or "/?") ? Help()
        : args.Contains("--version") ? $"Banking.Silo {Version()}"
        : null;

    /// <exception cref="StartException">An argument is not a setting, or has no value.</exception>
    public static void Check(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var (name, hasValue) = Split(args[i]);
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) throw new StartException(NotUnderstood(args[i], name));
            var node = SettingNames.Find(name) ?? throw new StartException(SettingNames.Unknown(name));
            var form = node.Form ?? throw new StartException(SettingNames.IsGroup(name));
            if (hasValue) continue;
            if (++i == args.Count || args[i].StartsWith("--", StringComparison.Ordinal))
                throw new StartException(form.NoValue($"--{name}"));
        }
    }

    private static (string Name, bool HasValue) Split(string arg)
    {
        var end = arg.IndexOf('=', StringComparison.Ordinal);
        return (arg[..(end < 0 ? arg.Length : end)].TrimStart('-', '/'), end >= 0);
    }

    private static string NotUnderstood(string arg, string name) => SettingNames.Find(name)?.Form is not null
        ? $"'{arg}' is not understood: settings begin with two dashes, --{name} VALUE or --{name}=VALUE."
        : $"'{arg}' is not understood: settings are --NAME VALUE or --NAME=VALUE, and --help lists them.";

    private static string Version() =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static string Help()
    {
        var text = new StringBuilder()
            .AppendLine($"Banking.Silo {Version()}: the bank in one process, with its HTTP API, storage, log and lake.")
            .AppendLine()
            .AppendLine("Usage: Banking.Silo [--NAME VALUE]...   (from the sources: dotnet run --project Silo -- [--NAME VALUE]...)")
            .AppendLine()
            .AppendLine("Without arguments HTTP is at http://127.0.0.1:5000, and everything is kept in ./data. Ctrl-C stops it. Often set:")
            .AppendLine("  --urls http://127.0.0.1:5001                       another port for HTTP")
            .AppendLine("  --Banking:DataDirectory FOLDER                     another folder for storage, log and lake")
            .AppendLine("  --Banking:Kafka:BootstrapServers HOST:PORT         Apache Kafka as the log")
            .AppendLine("  --Banking:Lake:Root FOLDER|webhdfs://HOST:PORT/PATH another place for the lake")
            .AppendLine("  --Logging:Console:FormatterName json               logs for machines")
            .AppendLine("  -h, --help, --version                              this text, and which program it is")
            .AppendLine()
            .AppendLine("A setting is an argument (--Banking:Lake:Root lake), a variable of the environment (Banking__Lake__Root=lake),")
            .AppendLine("or a line of appsettings.json beside the program; the first goes before the others. A duration has a unit: 500ms,")
            .AppendLine("30s, 2m, 12h, 7d; or it is [days.]hours:minutes:seconds.")
            .AppendLine("docs/operations.md says what each of them is good for. All, with what they are when nobody sets them:");
        foreach (var (name, setting) in SettingNames.Root.All(""))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  --{name,-NameWidth} {setting.Form!.Kind}{Standard(setting.Standard)}");
        }

        return text.ToString().TrimEnd();
    }

    private static string Standard(object? value) => value switch
    {
        null or "" => "",
        bool flag => flag ? "; true" : "; false",
        _ => string.Create(CultureInfo.InvariantCulture, $"; {value}"),
    };
}
