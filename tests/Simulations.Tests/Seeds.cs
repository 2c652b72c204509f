using System.Globalization;
using Microsoft.Testing.Platform.Builder;
using Microsoft.Testing.Platform.CommandLine;
using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.CommandLine;

namespace Banking.Simulations.Tests;

/// <summary>
/// The seeds of simulations: 1 and 2 (1 of those on servers), or as many as <c>--seeds N</c> says, from <c>--first-seed N</c> on.
/// </summary>
public static class Seeds
{
    private const string Count = "seeds";
    private const string First = "first-seed";

    /// <summary>For theories.</summary>
    public static TheoryData<int> All { get; private set; } = [.. Enumerable.Range(1, 2)];

    /// <summary>For theories that restart servers.</summary>
    public static TheoryData<int> Few { get; private set; } = [1];

    /// <summary>Called by the testing platform when it starts.</summary>
    public static void AddExtensions(ITestApplicationBuilder builder, string[] arguments)
    {
        builder.CommandLine.AddProvider(() => new Options());
        All = From(arguments, count: 2);
        Few = From(arguments, count: 1);
    }

    private static TheoryData<int> From(string[] arguments, int count) =>
        [.. Enumerable.Range(ValueOf(arguments, First) ?? 1, ValueOf(arguments, Count) ?? count)];

    private static int? ValueOf(string[] arguments, string option)
    {
        var at = Array.IndexOf(arguments, "--" + option);
        return at >= 0
            && at + 1 < arguments.Length && int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    private sealed class Options : ICommandLineOptionsProvider
    {
        public string Uid => nameof(Seeds);

        public string Version => "1";

        public string DisplayName => "Seeds";

        public string Description => "Which simulations run.";

        public Task<bool> IsEnabledAsync() => Task.FromResult(true);

        public IReadOnlyCollection<CommandLineOption> GetCommandLineOptions() =>
        [
            new(Count, "How many seeds each simulation runs with; by default 4, on servers 2.", ArgumentArity.ExactlyOne, isHidden: false),
            new(First, "The first seed; 1 by default.", ArgumentArity.ExactlyOne, isHidden: false),
        ];

        public Task<ValidationResult> ValidateOptionArgumentsAsync(CommandLineOption commandOption, string[] arguments) =>
            int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? ValidationResult.ValidTask
                : ValidationResult.InvalidTask($"--{commandOption.Name} takes a number.");

        public Task<ValidationResult> ValidateCommandLineOptionsAsync(ICommandLineOptions commandLineOptions) => ValidationResult.ValidTask;
    }
}
