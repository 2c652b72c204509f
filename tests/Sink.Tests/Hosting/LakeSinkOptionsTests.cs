using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Support;
using Banking.Streaming;
using Banking.Streaming.Log;
using Microsoft.Extensions.Configuration;
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
        using var provider = Configured().AddLakeSink(options => options.MaxIdle = TimeSpan.Zero).BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value);

        Assert.Contains("MaxIdle is 00:00:00", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_WhenThereIsNoPlaceForDeadLetters_ThenThePolicyIsRefused()
    {
        using var provider = WithDeadLetters(Configured());

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value);

        Assert.Contains("the log 'events' has no place for dead letters", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_WhenThereIsAPlaceForDeadLetters_ThenThePolicyIsTaken()
    {
        using var provider = WithDeadLetters(Configured().AddKeyedSingleton<IDeadLetterLog>("events", new MemoryLetters()));

        Assert.Equal(FailurePolicy.DeadLetter, provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value.UnreadablePolicy);
    }

    [Fact]
    public void Value_WhenItsSectionsAreSet_ThenIsBoundToThemAndCodeHasTheLastWord()
    {
        var services = Configured(
            ("Banking:Lake:MaxRows", "7"), ("Banking:Lake:MaxAge", "00:00:07"), ("Banking:Lake:Compaction:MinFiles", "3"),
            ("Banking:Hive:Metastore", "thrift://host:9083"));
        using var provider = services.AddLakeSink(options => options.MaxAge = TimeSpan.FromSeconds(8)).BuildServiceProvider();

        var lake = provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value;

        Assert.Equal((7, TimeSpan.FromSeconds(8), 3), (lake.MaxRows, lake.MaxAge, lake.Compaction.MinFiles));
        Assert.Equal(("thrift://host:9083", "default"), (lake.Hive?.Metastore, lake.Hive?.Database));
    }

    [Fact]
    public void Value_WhenOnlyADatabaseIsNamed_ThenThereIsNoMetastore()
    {
        using var provider = Configured(("Banking:Hive:Database", "game")).AddLakeSink().BuildServiceProvider();

        Assert.Null(provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value.Hive);
    }

    private static IServiceCollection Configured(params (string Name, string Value)[] settings)
    {
        var pairs = settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value));
        return new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build());
    }

    private static ServiceProvider WithDeadLetters(IServiceCollection services) =>
        services.AddLakeSink(options => options.UnreadablePolicy = FailurePolicy.DeadLetter).BuildServiceProvider();
}
