using Banking.Accounts;
using Banking.Clocks;
using Banking.Events;
using Banking.Gate;
using Banking.Inquiries;
using Banking.Markets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Banking.Hosting;

/// <summary>Puts the game into a silo.</summary>
public static class GameHosting
{
    /// <summary>
    /// Adds accounts, markets and inquiries. The host also has to add a grain storage named <see cref="GameNames.Storage"/>, a stream
    /// provider named <see cref="GameNames.Streams"/>, and the ports <see cref="IEventPartitions"/>, <see cref="ILakeProgress"/> and
    /// <see cref="IUnpublishedAccounts"/>.
    /// </summary>
    public static ISiloBuilder AddBankingGame(this ISiloBuilder silo, AccountOptions accounts, MarketOptions markets)
    {
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Checked(accounts, new AccountOptionsValidator()));
        services.AddSingleton(Checked(markets, new MarketOptionsValidator()));
        services.AddSingleton<SteadyClock>();
        services.TryAddSingleton(_ => new BankGate());
        services.AddSingleton<EventStreams>();
        services.AddSingleton<PartitionSettling>();
        services.AddSingleton<AccountRecords>();
        services.AddSingleton<QuoteCache>();
        services.AddSingleton<InquiryLog>();
        services.AddSingleton<MarketSeed>();
        services.AddSingleton<OutboxSweep>();
        services.AddHostedService<ClockWatch>();
        services.AddHostedService(s => s.GetRequiredService<InquiryLog>());
        services.AddHostedService(s => s.GetRequiredService<MarketSeed>());
        services.AddHostedService(s => s.GetRequiredService<OutboxSweep>());
        services.AddSingleton<IInquiryServiceClient, InquiryServiceClient>();
        silo.AddGrainService<InquiryService>();
        return silo;
    }

    /// <exception cref="OptionsValidationException">A setting is outside its range.</exception>
    private static IOptions<TOptions> Checked<TOptions>(TOptions options, IValidateOptions<TOptions> validator)
        where TOptions : class
    {
        var result = validator.Validate(Options.DefaultName, options);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), result.Failures)
            : Options.Create(options);
    }
}
