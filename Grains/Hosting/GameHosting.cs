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

/// <summary>Adds the game to a silo.</summary>
public static class GameHosting
{
    /// <summary>
    /// Adds accounts, markets and inquiries. The host also has to add a grain storage named <see cref="GameNames.Storage"/>, a stream
    /// provider named <see cref="GameNames.Streams"/>, and the ports <see cref="IEventPartitions"/>, <see cref="ILakeProgress"/> and
    /// <see cref="IUnpublishedAccounts"/>.
    /// </summary>
    public static ISiloBuilder AddBankingGame(this ISiloBuilder silo)
    {
        var services = silo.Services.AddBankingGameOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SteadyClock>();
        services.TryAddSingleton(_ => new BankGate());
        services.AddSingleton<EventStreams>();
        services.AddSingleton<PartitionSettling>();
        services.AddSingleton<AccountRecords>();
        services.AddSingleton<QuoteCache>();
        services.AddSingleton<InquiryLog>();
        services.AddSingleton<InitialMarkets>();
        services.AddSingleton<OutboxSweep>();
        services.AddHostedService<ClockWatch>();
        services.AddHostedService(s => s.GetRequiredService<InquiryLog>());
        services.AddHostedService(s => s.GetRequiredService<InitialMarkets>());
        services.AddHostedService(s => s.GetRequiredService<OutboxSweep>());
        services.AddSingleton<IInquiryServiceClient, InquiryServiceClient>();
        silo.AddGrainService<InquiryService>();
        return silo;
    }

    /// <summary>
    /// Binds <see cref="AccountOptions"/> and <see cref="MarketOptions"/> to their sections, and makes a host refuse to start with
    /// impossible settings. Part of <see cref="AddBankingGame"/>. Call it once per container, as the list of assets would otherwise be
    /// bound twice.
    /// </summary>
    public static IServiceCollection AddBankingGameOptions(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateOnStart();
        services.AddOptions<MarketOptions>().BindConfiguration(MarketOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AccountOptions>, AccountOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MarketOptions>, MarketOptionsValidator>());
        return services;
    }
}
