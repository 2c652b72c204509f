using System.Reflection;
using Banking.Accounts;
using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Banking.Sink.Settings;
using Banking.Storage.Postgres;
using Banking.Storage.Sqlite;
using Banking.Streaming.Kafka;
using Banking.Streaming.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Tests.Settings;

/// <summary>No options of the bank's rooms are found wrong later than at the start.</summary>
public sealed class BoundOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string[], Type[]> Silos => new()
    {
        { [], [typeof(AccountOptions), typeof(LakeSinkOptions), typeof(SqliteGrainStorageOptions), typeof(SqliteLogOptions)] },
        {
            [
                "--Banking:Storage:PostgreSql", "Host=127.0.0.1;Port=1", "--Banking:Kafka:BootstrapServers", "127.0.0.1:1",
                "--Banking:Lake:Root", "webhdfs://127.0.0.1:1/lake",
            ],
            [typeof(AccountOptions), typeof(LakeSinkOptions), typeof(PostgresGrainStorageOptions), typeof(KafkaLogOptions)]
        },
    };

    [Theory]
    [MemberData(nameof(Silos), DisableDiscoveryEnumeration = true)]
    public async Task Options_OfEveryRoom_AreValidatedAtTheStart(string[] arguments, Type[] some)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--Banking:DataDirectory", _folder.Path, .. arguments],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddBankingSilo(BankingSettings.Read(builder.Configuration));
        var configured = builder.Services.Select(service => OptionsOf(service.ServiceType)).OfType<Type>().ToHashSet();
        var validated = new HashSet<Type>();
        foreach (var options in configured) Watch(builder.Services, options, validated);
        await using var app = builder.Build();

        app.Services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(configured.Select(type => type.Name).Order(), validated.Select(type => type.Name).Order());
        Assert.Superset(some.ToHashSet(), configured);
    }

    /// <summary>Of the bank's own; null: the service is not about such.</summary>
    private static Type? OptionsOf(Type service) =>
        service.IsGenericType
        && (service.GetGenericTypeDefinition() == typeof(IConfigureOptions<>)
            || service.GetGenericTypeDefinition() == typeof(IPostConfigureOptions<>))
        && service.GetGenericArguments()[0] is { Namespace: { } space } options
        && space.StartsWith("Banking.", StringComparison.Ordinal)
            ? options
            : null;

    private static void Watch(IServiceCollection services, Type options, HashSet<Type> validated) =>
        typeof(BoundOptionsTests).GetMethod(nameof(WatchOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(options).Invoke(null, [services, validated]);

    private static void WatchOf<TOptions>(IServiceCollection services, HashSet<Type> validated)
        where TOptions : class => services.AddSingleton<IValidateOptions<TOptions>>(new Watcher<TOptions>(validated));

    private sealed class Watcher<TOptions>(HashSet<Type> validated) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            validated.Add(typeof(TOptions));
            return ValidateOptionsResult.Success;
        }
    }
}
