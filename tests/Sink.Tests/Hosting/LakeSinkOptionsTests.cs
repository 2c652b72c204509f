using Banking.Sink.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Tests.Hosting;

public sealed class LakeSinkOptionsTests
{
    [Fact]
    public void Validate_WhenNothingIsSet_ThenIsFine() => Assert.True(new LakeSinkOptionsValidator().Validate(null, new LakeSinkOptions()).Succeeded);

    [Fact]
    public void Value_WhenASettingIsImpossible_ThenThrowsASentenceThatNamesIt()
    {
        using var provider = new ServiceCollection().AddLakeSink(options => options.MaxIdle = TimeSpan.Zero).BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value);

        Assert.Contains("MaxIdle is 00:00:00", refusal.Message, StringComparison.Ordinal);
    }
}
