using System.ComponentModel;
using System.Text.Json.Serialization;
using Banking.Accounts;
using Banking.Callers;
using Microsoft.AspNetCore.WebUtilities;

namespace Banking.Silo.Http;

/// <summary>A way in which a request can end without what it asked for.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Sentence">For people; a reply may have a sentence that says more.</param>
internal sealed record Problem(string Code, int Status, string Sentence)
{
    public static Problem Of(ActionCode code) => new(Refusals.NameOf(code), Refusals.StatusOf(code), Refusals.SentenceOf(code));
}

/// <summary>The problems that have nothing to do with an account or a market.</summary>
internal static class Problems
{
    public static readonly Problem Malformed = new(
        "malformed", StatusCodes.Status400BadRequest, "The request is not valid HTTP, or was cut off.");

    public static readonly Problem CrossOrigin = new(
        "cross_origin",
        StatusCodes.Status403Forbidden,
        "A web page of another origin may ask for nothing here. Open the address itself; Banking:Http:CorsOrigins names pages that may.");

    public static readonly Problem UnknownHost = new(
        "unknown_host",
        StatusCodes.Status403Forbidden,
        "A browser asked for a host that is not this one: say 127.0.0.1 or localhost; Banking:Http:CorsOrigins names others.");

    public static readonly Problem Unauthenticated = new(
        "unauthenticated",
        StatusCodes.Status401Unauthorized,
        "Who calls is not known: send Authorization: Bearer with a token or a key that is valid.");

    public static readonly Problem CallersUnknown = new(
        "callers_unknown", StatusCodes.Status503ServiceUnavailable, "Whether this token or key is valid can't be told now. Try again.");

    public static readonly Problem NotFound = new("not_found", StatusCodes.Status404NotFound, "There is nothing here.");

    public static readonly Problem MethodNotAllowed = new(
        "method_not_allowed", StatusCodes.Status405MethodNotAllowed, "This does not take that method.");

    public static readonly Problem TooSlow = Malformed with { Status = StatusCodes.Status408RequestTimeout };

    public static readonly Problem BodyTooLarge = new(
        "body_too_large", StatusCodes.Status413PayloadTooLarge, $"The body may have at most {RequestBody.MaxSize} bytes.");

    public static readonly Problem UnsupportedMediaType = new(
        "unsupported_media_type", StatusCodes.Status415UnsupportedMediaType, "The body must be application/json.");

    public static readonly Problem UnknownEncoding =
        UnsupportedMediaType with { Sentence = $"The body's Content-Encoding may be one of {Compression.Taken}." };

    public static readonly Problem TooManyRequests = new(
        "too_many_requests",
        StatusCodes.Status429TooManyRequests,
        "These are too many requests. Ask again after as many seconds as Retry-After says.");

    public static readonly Problem CompactionRunning = new(
        "compaction_running", StatusCodes.Status409Conflict, "A compaction is under way already. Ask again when it has ended.");

    public static readonly Problem KeyUnknown = new("key_unknown", StatusCodes.Status404NotFound, "There is no such key.");

    public static readonly Problem TooManyKeys = new(
        "too_many_keys", StatusCodes.Status409Conflict, $"There are {IKeyRingGrain.MaxKeys} keys. Revoke some first.");

    public static readonly Problem InternalError = new(
        "internal_error",
        StatusCodes.Status500InternalServerError,
        "Something went wrong here. If this was a change, retry it with the same idempotency key.");

    public static readonly Problem OutcomeUnknown = new(
        "outcome_unknown", StatusCodes.Status503ServiceUnavailable, OutcomeUnknownException.Sentence);

    public static readonly Problem NotFlushed = new(
        "not_flushed", StatusCodes.Status503ServiceUnavailable, "Not everything is in the lake yet.");

    public static readonly Problem BankClosed = new(
        "bank_closed", StatusCodes.Status503ServiceUnavailable, "The bank is closed until its accounts are known to be right.");

    public static readonly Problem Unavailable = new(
        "unavailable", StatusCodes.Status503ServiceUnavailable, "The bank can't answer this now. Try again.");

    public static IReadOnlyList<Problem> All { get; } =
    [
        Malformed, CrossOrigin, UnknownHost, Unauthenticated, CallersUnknown, NotFound, MethodNotAllowed, TooSlow, BodyTooLarge,
        UnsupportedMediaType, TooManyRequests, CompactionRunning, KeyUnknown, TooManyKeys, InternalError, OutcomeUnknown, NotFlushed,
        BankClosed, Unavailable,
    ];
}

/// <summary>RFC 9457's problem details, with a stable code.</summary>
internal sealed record ProblemReply(
    string Type,
    string Title,
    int Status,
    [property: Description("For people.")] string Detail,
    [property: Description("For programs.")] string Code)
{
    public const string MediaType = "application/problem+json";

    public static ProblemReply Of(Problem problem) => new(
        "urn:banking:problem:" + problem.Code,
        ReasonPhrases.GetReasonPhrase(problem.Status),
        problem.Status,
        problem.Sentence,
        problem.Code);
}

/// <summary>What the old API, and everything else outside <c>/v1</c>, says about a request that it can't answer.</summary>
internal sealed record MessageReply(string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProblemReply))]
[JsonSerializable(typeof(MessageReply))]
internal sealed partial class ProblemJson : JsonSerializerContext;
