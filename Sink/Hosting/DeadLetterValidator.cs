using Banking.Sink.Settings;
using Banking.Streaming;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Hosting;

/// <summary>Refuses a policy that needs a place for dead letters where the log has none.</summary>
internal sealed class DeadLetterValidator(IServiceProviderIsKeyedService services) : IValidateOptions<LakeSinkOptions>
{
    public ValidateOptionsResult Validate(string? name, LakeSinkOptions options) =>
        options.UnreadablePolicy != FailurePolicy.DeadLetter || services.IsKeyedService(typeof(IDeadLetterLog), options.ProviderName)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"The lake's UnreadablePolicy is DeadLetter, but the log '{options.ProviderName}' has no place for dead letters; it must "
                    + "be Block or Skip.");
}
