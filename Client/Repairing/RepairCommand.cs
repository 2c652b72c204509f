using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Banking.Client.Banks;
using Banking.Client.Terminals;

namespace Banking.Client.Repairing;

/// <summary><c>banking repair</c>.</summary>
internal static class RepairCommand
{
    public static Command Create(Terminal terminal)
    {
        var url = CommonOptions.Url();
        var apply =
            new Option<bool>("--apply") { Description = "Do it. Without this it is only said what is missing, and what would be done." };
        var command = new Command(
            "repair",
            "Says what is missing in storage, log and lake after one of them was put back older, and mends what can be "
                + "mended.") { apply, url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = await AskAsync(terminal, parsed.GetRequiredValue(url)[0], parsed.GetValue(apply), cancellationToken);
            foreach (var line in Lines(plan)) await terminal.WriteLineAsync(line);
            return plan.Findings.All(finding => finding.Done) ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    internal static IEnumerable<string> Lines(RepairPlan plan)
    {
        if (plan.Findings.Count == 0) yield return "Storage, log and lake belong together; nothing is missing.";
        foreach (var finding in plan.Findings)
        {
            yield return $"{finding.Part}: {finding.Missing}";
            yield return finding switch
            {
                { Done: true } => $"  Mended. {finding.Remedy}",
                { CanMend: true } when plan.Applied => $"  Another repair was at work. Run it again. {finding.Remedy}",
                { CanMend: true } => $"  Can be mended with --apply. {finding.Remedy}",
                _ => $"  Can't be mended. {finding.Remedy}",
            };
        }
    }

    private static async Task<RepairPlan> AskAsync(Terminal terminal, Uri url, bool apply, CancellationToken cancellationToken)
    {
        // No timeout: a repair reads files and records until it is done.
        using var http = BankKey.CreateHttp(BankKey.Of(terminal));
        using var request = new HttpRequestMessage(HttpMethod.Post, BankUrls.At(url, apply ? "/v1/repair?apply=true" : "/v1/repair"));
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new CommandFailedException(
                    $"The bank at {url} answered {request.Method} {request.RequestUri!.PathAndQuery} with {(int)response.StatusCode}.");
            }
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, RepairJson.Default.RepairPlan, cancellationToken) ?? throw new JsonException(
                "It is null.");
        }
        catch (JsonException broken)
        {
            throw new CommandFailedException($"The bank at {url} answered with something else: {broken.Message}", broken);
        }
        catch (HttpRequestException broken)
        {
            throw new CommandFailedException($"The bank at {url} can't be reached: {broken.Message}", broken);
        }
    }
}

/// <summary>The answer of <c>/v1/repair</c>.</summary>
internal sealed record RepairPlan(bool Applied, IReadOnlyList<RepairItem> Findings);

/// <param name="Part">What it concerns.</param>
/// <param name="Missing">A sentence saying what is missing.</param>
/// <param name="Remedy">A sentence saying what a repair does about it, or why it can't.</param>
internal sealed record RepairItem(string Part, string Missing, string Remedy, bool CanMend, bool Done);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RepairPlan))]
internal sealed partial class RepairJson : JsonSerializerContext;
