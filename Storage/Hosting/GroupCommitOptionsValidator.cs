using Microsoft.Extensions.Options;

namespace Banking.Storage.Hosting;

/// <summary>Stops the silo's start on a setting of one storage that can't work, with a sentence that names it.</summary>
internal sealed class GroupCommitOptionsValidator<TOptions>(string database, string storage) : IValidateOptions<TOptions>
    where TOptions : GroupCommitOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        name != storage ? ValidateOptionsResult.Skip
        : options.Problem() is { } problem ? ValidateOptionsResult.Fail($"{database} grain storage '{storage}': {problem}.")
        : ValidateOptionsResult.Success;
}
