using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Streaming.Hosting;

/// <summary>Stops the start on a policy that needs a place for dead letters where the log has none.</summary>
internal sealed class DeadLetterValidator(IServiceProviderIsKeyedService services) : IValidateOptions<LogStreamOptions>
{
    public ValidateOptionsResult Validate(string? name, LogStreamOptions options) =>
        options.FailurePolicy != FailurePolicy.DeadLetter || services.IsKeyedService(typeof(IDeadLetterLog), name)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Streams '{name}': FailurePolicy is DeadLetter, but the log has no place for dead letters (no keyed IDeadLetterLog).");
}
