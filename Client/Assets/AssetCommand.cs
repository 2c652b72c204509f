using System.CommandLine;
using System.Globalization;
using System.Net;
using Banking.Callers;
using Banking.Client.Banks;
using Banking.Client.Terminals;
using Banking.Markets;

namespace Banking.Client.Assets;

/// <summary>
/// <c>banking asset</c>: what an operator does to the market. It goes through a gateway, which asks for a certificate if it can be reached
/// from other machines.
/// </summary>
internal static class AssetCommand
{
    private static readonly DnsEndPoint DefaultGateway = new("127.0.0.1", 30_000);

    public static Command Create(Terminal terminal) => new("asset", "Lists, changes, halts and delists assets, through an Orleans gateway.")
    {
        List(terminal),
        Set(terminal),
        OfOne(terminal, "halt", "Stops trading; prices stay visible.", market => market.Halt()),
        OfOne(terminal, "reopen", "Lets trading go on.", market => market.Reopen()),
        OfOne(
            terminal,
            "delist",
            "Takes an asset off the market, also at the next start. Who holds units keeps them; 'set' lists it again.",
            market => market.Delist()),
    };

    private static Command List(Terminal terminal)
    {
        var gateway = Gateway();
        var command = new Command("list", "All listed assets, as storage has them.") { gateway };
        command.SetAction((parsed, cancellationToken) => WithGrainsAsync(terminal, parsed.GetRequiredValue(gateway), async grains =>
        {
            foreach (var name in await grains.GetGrain<IExchangeGrain>(IExchangeGrain.Key).GetAssets())
                await SayAsync(terminal, grains.GetGrain<IMarketGrain>(name), name);
        }, cancellationToken));
        return command;
    }

    private static Command OfOne(Terminal terminal, string verb, string description, Func<IMarketGrain, Task> act)
    {
        var (gateway, name) = (Gateway(), Name());
        var command = new Command(verb, description) { name, gateway };
        command.SetAction((parsed, cancellationToken) => WithGrainsAsync(terminal, parsed.GetRequiredValue(gateway), async grains =>
        {
            var market = grains.GetGrain<IMarketGrain>(parsed.GetRequiredValue(name));
            await act(market);
            await SayAsync(terminal, market, parsed.GetRequiredValue(name));
        }, cancellationToken));
        return command;
    }

    private static Command Set(Terminal terminal)
    {
        var (gateway, name) = (Gateway(), Name());
        var type = new Option<string?>("--type") { Description = "Such as stock, bond or cash.", HelpName = "name" };
        var basePrice = new Option<decimal?>("--base-price")
        {
            Description = "What it costs on the base date; up to 6 decimal places.",
            HelpName = "price",
        };
        var baseDate = new Option<DateOnly?>("--base-date")
        {
            Description = "The day of the base price; of a new asset, today (UTC).",
            HelpName = "2026-01-31",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                    return date;
                result.AddError($"--base-date must be a date such as 2026-01-31, not '{text}'.");
                return null;
            },
        };
        var growth = new Option<double?>("--yearly-growth")
        {
            Description = "Continuous growth a year: 0.1 makes 1.105 of 1 in 365 days.",
            HelpName = "number",
        };
        var tradable = new Option<bool?>("--tradable") { Description = "Whether it can be bought and sold.", HelpName = "true|false" };
        var maxOrder = new Option<long?>("--max-order") { Description = "The most units of one order; 0: no limit.", HelpName = "units" };
        var command = new Command("set", "Changes what is named of an asset, or lists a new one; the price follows from it at once.")
        {
            name, type, basePrice, baseDate, growth, tradable, maxOrder, gateway,
        };
        command.SetAction((parsed, cancellationToken) => WithGrainsAsync(terminal, parsed.GetRequiredValue(gateway), async grains =>
        {
            var market = grains.GetGrain<IMarketGrain>(parsed.GetRequiredValue(name));
            var known = (await market.GetListing())?.Definition;
            if (known is null && (parsed.GetValue(type) is null || parsed.GetValue(basePrice) is null))
            {
                var sentence = $"{parsed.GetRequiredValue(name)} is not listed: a new asset needs --type and --base-price.";
                throw new CommandFailedException(sentence) { ExitCode = ExitCodes.Usage };
            }

            await market.List(new AssetDefinition
            {
                Name = parsed.GetRequiredValue(name),
                Type = parsed.GetValue(type) ?? known!.Type,
                BasePrice = parsed.GetValue(basePrice) ?? known!.BasePrice,
                BaseDate = parsed.GetValue(baseDate) ?? known?.BaseDate ?? DateOnly.FromDateTime(terminal.Time.GetUtcNow().UtcDateTime),
                YearlyGrowth = parsed.GetValue(growth) ?? known?.YearlyGrowth ?? 0,
                Tradable = parsed.GetValue(tradable) ?? known?.Tradable ?? true,
                MaxOrderQuantity = parsed.GetValue(maxOrder) switch { null => known?.MaxOrderQuantity, 0 => null, { } units => units },
            });
            await SayAsync(terminal, market, parsed.GetRequiredValue(name));
        }, cancellationToken));
        return command;
    }

    private static Option<DnsEndPoint[]> Gateway()
    {
        var gateway = CommonOptions.Gateway();
        gateway.Description = "The Orleans gateways; one of them is asked. Where they want a certificate: "
            + $"{GatewayTls.Prefix}Certificate, Key and Authority of the environment name PEM files.";
        gateway.DefaultValueFactory = _ => [DefaultGateway];
        return gateway;
    }

    private static Argument<string> Name() => new("name") { Description = "The asset's." };

    private static async Task<int> WithGrainsAsync(
        Terminal terminal, DnsEndPoint[] gateways, Func<IGrainFactory, Task> act, CancellationToken cancellationToken)
    {
        var identity = GatewayTls.Of(terminal);

        // Where callers are asked, the silo decides whether clients may call as operators.
        Caller.Current = new Caller(new CallerId("banking-client", Environment.UserName), CallerRole.Operator);
        await using var connector = await GatewayBankConnector.ConnectAsync(gateways, identity, terminal.Time, cancellationToken);
        try
        {
            await act(connector.Grains).WaitAsync(cancellationToken);
            return ExitCodes.Ok;
        }
        catch (ArgumentException refused)
        {
            throw new CommandFailedException(refused.Message.Split(" (Parameter", 2)[0], refused);
        }
        catch (Exception refused) when (refused is InvalidOperationException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(refused.Message, refused);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            throw new CommandFailedException($"The bank can't act, and it is not known whether it did: {failure.Message}", failure);
        }
    }

    private static async Task SayAsync(Terminal terminal, IMarketGrain market, string name)
    {
        if (await market.GetListing() is not { } listing || await market.GetQuote() is not { } quote)
            throw new CommandFailedException($"{name} is not listed.");
        var asset = listing.Definition;
        var state = listing switch
        {
            { Delisted: true } => "delisted",
            { Halted: true } => "halted",
            _ => asset.Tradable ? "open" : "not tradable",
        };
        var basis = string.Create(
            CultureInfo.InvariantCulture, $"{asset.BasePrice:0.00####} on {asset.BaseDate:yyyy-MM-dd}, yearly growth {asset.YearlyGrowth}");
        var limit = asset.MaxOrderQuantity is { } units ? string.Create(CultureInfo.InvariantCulture, $", at most {units} an order") : "";
        await terminal.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {asset.Type}, {state}, {quote.UnitPrice:0.00####} now; {basis}{limit}"));
    }
}
