using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Banking.Callers;
using Banking.Silo.Http;
using Banking.Streaming.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Banking.Silo.Health;

/// <summary>The body of <c>/health/ready</c>.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="Findings">What is wrong, worst first.</param>
/// <param name="Warnings">Settings of the log that put acknowledged events at risk. They don't change the status, as nothing is wrong
/// yet.</param>
/// <param name="Partitions">How far the lake has got with each partition.</param>
internal sealed record HealthReply(
    string Status, IReadOnlyList<FindingReply> Findings, IReadOnlyList<string> Warnings, IReadOnlyList<PartitionReply> Partitions)
{
    public static Task WriteAsync(HttpContext http, HealthReport report)
    {
        if (!MaySeeSentences(http))
            return WriteAsync(http, new HealthReply(report.Status.ToString(), [], [], []));
        var findings = report.Entries.Values.SelectMany(
            entry => entry.Data.TryGetValue(Readiness.FindingsName, out var found) ? (IReadOnlyList<Finding>)found : []);
        var failures = report.Entries.Values.Where(entry => entry.Exception is not null)
            .Select(entry => new FindingReply("health", true, $"The silo's health can't be told: {entry.Exception!.Message}", null));
        var partitions = http.RequestServices.GetRequiredService<LakeHealth>().Partitions;
        var reply = new HealthReply(
            report.Status.ToString(),
            [.. findings.Select(finding => new FindingReply(finding.Key, finding.IsCritical, finding.Sentence, finding.Since)),
                .. failures],
            http.RequestServices.GetRequiredKeyedService<IPartitionedLog>(GameNames.Streams).Warnings,
            [.. partitions.Select(PartitionReply.Of)]);
        return WriteAsync(http, reply);
    }

    // They name hosts and files, which are nobody's business but the machine's and the operators'.
    private static bool MaySeeSentences(HttpContext http) =>
        http.Connection.RemoteIpAddress is not { } remote
        || IPAddress.IsLoopback(remote)
        || http.User.IsInRole(nameof(CallerRole.Operator));

    private static Task WriteAsync(HttpContext http, HealthReply reply)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(reply, HealthJson.Default.HealthReply);
        return Reply.BytesAsync(http, http.Response.StatusCode, "application/json; charset=utf-8", body);
    }
}

/// <param name="Critical">Whether actions can't or must not be answered.</param>
/// <param name="Since">When it began, as far as this silo knows (UTC).</param>
internal sealed record FindingReply(string Key, bool Critical, string Sentence, DateTimeOffset? Since);

/// <param name="Lag">Records of the log that are not in the lake; null if the log can't be asked.</param>
/// <param name="BehindSeconds">How long, at least, the lake has lacked the next record.</param>
internal sealed record PartitionReply(int Partition, long DurableOffset, long? Lag, double BehindSeconds, long Unreadable, long DeadLetters)
{
    public static PartitionReply Of(PartitionProgress at) => new(
        at.Partition, at.Durable, at.LogEnd is { } end
            ? Math.Max(0, end - at.Durable)
            : null, Math.Round(at.BehindFor.TotalSeconds, 1), at.Unreadable, at.DeadLetters);
}

/// <summary>The JSON names are formed as in the rest of the API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthReply))]
internal sealed partial class HealthJson : JsonSerializerContext;
