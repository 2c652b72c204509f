using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Banking.Callers;
using Banking.Client.Terminals;

namespace Banking.Client.Callers;

/// <summary><c>banking keys</c>.</summary>
internal static class KeysCommand
{
    private const string Path = "/v1/keys";
    /// <summary>The roles, as people write them.</summary>
    public static readonly string[] Roles = [.. Enum.GetNames<CallerRole>().Select(role => role.ToLowerInvariant())];

    public static Command Create(Terminal terminal) => new("keys", "The bank's keys, for game servers and tools.")
    {
        CreateCreate(terminal), CreateList(terminal), CreateRevoke(terminal), CreateNew(terminal),
    };

    private static Command CreateCreate(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var role = new Option<string>("--role") { Description = "What its holder may do.", Required = true };
        role.AcceptOnlyFromAmong(Roles);
        var name = new Option<string>("--name") { Description = "What people call it.", HelpName = "text", Required = true };
        var expires = CommonOptions.Time("--expires", "After what time it is refused (default: never).", "1m", "87600h");
        var command = new Command("create", "Makes a key and prints it; it can't be shown again.") { role, name, expires, url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DateTimeOffset? end = parsed.GetValue(expires) is { } time ? terminal.Time.GetUtcNow() + time : null;
            using var calls = new OperatorCalls(parsed.GetRequiredValue(url)[0], terminal);
            using var body = JsonContent.Create(
                new NewKey(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), end), OperatorJson.Default.NewKey);
            var made = await calls.AskAsync(HttpMethod.Post, Path, body, OperatorJson.Default.MadeKey, cancellationToken);
            await terminal.WriteLineAsync(made.Key);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command CreateList(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var command = new Command("list", "Lists the keys, without their secrets.") { url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var calls = new OperatorCalls(parsed.GetRequiredValue(url)[0], terminal);
            var known = await calls.AskAsync(HttpMethod.Get, Path, null, OperatorJson.Default.KnownKeys, cancellationToken);
            foreach (var key in known.Keys)
            {
                var end = key.ExpiresAt is { } at ? $"until {TextOf(at)}" : "without an end";
                await terminal.WriteLineAsync($"{key.Id}  {key.Role}  {key.Name}, of {TextOf(key.CreatedAt)}, {end}, by {key.CreatedBy}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command CreateRevoke(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var id = new Argument<string>("id") { Description = "The key's id, as list shows it." };
        var command = new Command("revoke", "Revokes a key: every silo refuses it after five seconds at the latest.") { id, url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var calls = new OperatorCalls(parsed.GetRequiredValue(url)[0], terminal);
            var path = $"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}";
            var key = await calls.AskAsync(HttpMethod.Delete, path, null, OperatorJson.Default.KnownKey, cancellationToken);
            await terminal.WriteLineAsync($"{key.Id} ({key.Name}) is revoked.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command CreateNew(Terminal terminal)
    {
        var command = new Command(
            "new", "Prints a key that no bank knows yet, and its hash for Banking:Auth:BootstrapKey: to make the first keys with.");
        command.SetAction(async (_, _) =>
        {
            var key = KeyText.New();
            await terminal.WriteLineAsync(key);
            await terminal.WriteLineAsync(KeyText.HashOf(key));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string TextOf(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
