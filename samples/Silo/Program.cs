using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Orleans.Streams.Core;

// Somebody else's silo: its grains' states are in PostgreSQL and its streams in Kafka, and it has nothing of the bank.
//   ConnectionStrings__orders='Host=localhost;Username=shop;Database=shop' Kafka=localhost:9092 dotnet run --project samples/Silo
var builder = Host.CreateApplicationBuilder(args);
var database = builder.Configuration.GetConnectionString("orders") ?? throw new InvalidOperationException(
    "ConnectionStrings:orders is not set.");
var kafka = builder.Configuration["Kafka"] ?? throw new InvalidOperationException("Kafka is not set.");
builder.UseOrleans(silo => silo
    .UseLocalhostClustering()
    .AddPostgresGrainStorageAsDefault(options => options.ConnectionString = database)
    .AddPostgresGrainStorage("PubSubStore", options => (options.ConnectionString, options.Schema) = (database, "pub_sub"))
    .AddKafkaStreams(Orders.Provider, options => (options.BootstrapServers, options.Topic) = (kafka, "orders")));
using var host = builder.Build();
await host.StartAsync();
await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICustomerGrain>("alice").Order("tea", 3);
await host.WaitForShutdownAsync();

internal static class Orders
{
    public const string Provider = "orders";
}

[GenerateSerializer, Immutable, Alias("sample.order")]
internal sealed record Order([property: Id(0)] string Article, [property: Id(1)] int Count);

[GenerateSerializer, Alias("sample.stock")]
internal sealed class Stock
{
    [Id(0)] public Dictionary<string, int> Ordered { get; } = [];
}

[Alias("sample.customer")]
internal interface ICustomerGrain : IGrainWithStringKey
{
    [Alias("order")]
    Task Order(string article, int count);
}

internal sealed class CustomerGrain : Grain, ICustomerGrain
{
    // Returns when the order is durable in the topic.
    public Task Order(string article, int count) =>
        this.GetStreamProvider(Orders.Provider).GetStream<Order>(StreamId.Create("orders", this.GetPrimaryKeyString())).OnNextAsync(
            new Order(article, count));
}

[Alias("sample.warehouse")]
internal interface IWarehouseGrain : IGrainWithStringKey;

[ImplicitStreamSubscription("orders")]
internal sealed partial class WarehouseGrain([PersistentState("stock")] IPersistentState<Stock> stock, ILogger<WarehouseGrain> logger)
    : Grain, IWarehouseGrain, IStreamSubscriptionObserver, IAsyncObserver<Order>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<Order>().ResumeAsync(this);

    public async Task OnNextAsync(Order item, StreamSequenceToken? token = null)
    {
        stock.State.Ordered[item.Article] = stock.State.Ordered.GetValueOrDefault(item.Article) + item.Count;
        await stock.WriteStateAsync();
        LogOrdered(item.Article, stock.State.Ordered[item.Article]);
    }

    // Called for events that Orleans could not deliver; the provider tries again.
    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Article}: {Count} ordered in all.")]
    private partial void LogOrdered(string article, int count);
}
