using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Support;
using Banking.Streaming;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Tests.Hosting;

public sealed class LakeSinkOptionsTests
{
    [Fact]
    public void Validate_WhenNothingIsSet_ThenIsFine() =>
        Assert.True(new LakeSinkOptionsValidator().Validate(null, new LakeSinkOptions()).Succeeded);

    [Fact]
    public void Value_WhenASettingIsImpossible_ThenThrowsASentenceThatNamesIt()
    {
        using var provider = new ServiceCollection().AddLakeSink(options => options.MaxIdle = TimeSpan.Zero).BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value);

        Assert.Contains("MaxIdle is 00:00:00", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_WhenThereIsNoPlaceForDeadLetters_ThenThePolicyIsRefused()
    {
        using var provider = WithDeadLetters(new ServiceCollection());

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value);

        Assert.Contains("the log 'events' has no place for dead letters", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_WhenThereIsAPlaceForDeadLetters_ThenThePolicyIsTaken()
    {
        using var provider = WithDeadLetters(new ServiceCollection().AddKeyedSingleton<IDeadLetterLog>("events", new MemoryLetters()));

        Assert.Equal(FailurePolicy.DeadLetter, provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value.UnreadablePolicy);
    }

    private static ServiceProvider WithDeadLetters(IServiceCollection services) =>
        services.AddLakeSink(options => options.UnreadablePolicy = FailurePolicy.DeadLetter).BuildServiceProvider();
}
