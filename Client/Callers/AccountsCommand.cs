using System.CommandLine;
using System.Net.Http.Json;
using Banking.Client.Terminals;

namespace Banking.Client.Callers;

/// <summary><c>banking accounts</c>.</summary>
internal static class AccountsCommand
{
    public static Command Create(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var id = new Argument<string>("id") { Description = "The account's." };
        var issuer = Required("--issuer", "Who issues the owner's tokens (iss).");
        var subject = Required("--subject", "The owner's name in them (sub).");
        var assign = new Command("assign", "Gives an account to an owner, whoever had it.") { id, issuer, subject, url };
        assign.SetAction(async (parsed, cancellationToken) =>
        {
            using var calls = new OperatorCalls(parsed.GetRequiredValue(url)[0], terminal);
            using var body = JsonContent.Create(
                new NewOwner(parsed.GetRequiredValue(issuer), parsed.GetRequiredValue(subject)), OperatorJson.Default.NewOwner);
            var account = parsed.GetRequiredValue(id);
            await calls.AskAsync(
                HttpMethod.Post, $"/v1/accounts/{Uri.EscapeDataString(account)}/owners", body, OperatorJson.Default.Assigned,
                cancellationToken);
            await terminal.WriteLineAsync($"{account} is {parsed.GetRequiredValue(subject)}'s.");
            return ExitCodes.Ok;
        });
        return new Command("accounts", "What operators do with accounts.") { assign };
    }

    private static Option<string> Required(string name, string description) =>
        new(name) { Description = description, HelpName = "text", Required = true };
}
