using System.CommandLine;
using Banking.Client.Banks;
using Banking.Client.Terminals;

namespace Banking.Client.Playing;

/// <summary><c>banking play</c>.</summary>
internal static class PlayCommand
{
    public static Command Create(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var gateway = CommonOptions.Gateway();
        var command = new Command("play", "A game for a person at a terminal: open an account, move cash, and trade.") { url, gateway };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (terminal is not { Interactive: true, Listen: { } listen })
            {
                throw new CommandFailedException("play needs a terminal; use load, or the HTTP API, from a script.")
                {
                    ExitCode = ExitCodes.Usage,
                };
            }

            var (urls, gateways) = (parsed.GetRequiredValue(url), parsed.GetRequiredValue(gateway));
            var view = new GameView(terminal.DrawOnOut());
            using var watch = BankConnectors.Watch(
                urls, gateways, terminal.Time, sentence => view.Say($"[yellow]{Screens.Shown(sentence)}[/]"));
            await using var connector = await BankConnectors.ConnectAsync(urls, gateways, terminal, watch, cancellationToken);
            using var bank = new WatchedBank(connector.Open(), watch);
            using var watched = connector.Open();
            try
            {
                await new Game(view, listen(), bank, watched, terminal.Time).RunAsync(cancellationToken);
                return ExitCodes.Ok;
            }
            catch (Exception failure) when (failure is BankUnavailableException or WrongAnswerException)
            {
                throw new CommandFailedException(failure.Message, failure);
            }
        });
        return command;
    }
}
