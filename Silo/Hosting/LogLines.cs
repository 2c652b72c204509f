using Microsoft.Extensions.Logging.Console;

namespace Banking.Silo.Hosting;

/// <summary>
/// How the silo's log messages look on the console: one line each, with date and time in ISO 8601 and UTC. Whatever <c>Logging:Console</c>
/// says takes precedence.
/// </summary>
internal static class LogLines
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const string Options = "Logging:Console:FormatterOptions";

    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SimpleConsoleFormatterOptions>()
            .Configure(simple => (simple.SingleLine, simple.TimestampFormat, simple.UseUtcTimestamp) = (true, Time + " ", true))
            .BindConfiguration(Options);
        builder.Services.AddOptions<JsonConsoleFormatterOptions>()
            .Configure(json => (json.TimestampFormat, json.UseUtcTimestamp) = (Time, true))
            .BindConfiguration(Options);

        // Without a formatter's name the console writes as it did before it had formatters, and ignores these options.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName ??= ConsoleFormatterNames.Simple);

        // What the host says about a start, a person reads in StartNotice.
        if (StartNotice.IsWanted) builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
    }
}
