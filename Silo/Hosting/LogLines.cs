using Microsoft.Extensions.Logging.Console;

namespace Banking.Silo.Hosting;

/// <summary>
/// How the silo's log looks on the console: one line each, with date and time as ISO 8601 has them, in UTC; whatever
/// <c>Logging:Console</c> says goes before that.
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

        // Without a name the console writes as it did before it had formatters, and asks none of these options.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName ??= ConsoleFormatterNames.Simple);

        // What the host says of a start a person reads in StartNotice.
        if (StartNotice.IsWanted) builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
    }
}
