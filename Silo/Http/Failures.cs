using Banking.Recovery;
using Banking.Silo.Lake;
using Banking.Storage;
using Microsoft.AspNetCore.Connections;

namespace Banking.Silo.Http;

/// <summary>Turns what a handler throws into a reply. What is none of the known failures is a defect: it is logged, and answered 500 without its details.</summary>
internal sealed partial class Failures(RequestDelegate next, ILogger<Failures> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (IsCutOff(e, http))
        {
            // Nobody is there to be answered.
        }
        catch (BadHttpRequestException e)
        {
            var tooLarge = e.StatusCode == StatusCodes.Status413PayloadTooLarge;
            var sentence = tooLarge ? $"The body may have at most {RequestBody.MaxSize} bytes." : "The request is not valid HTTP, or was cut off.";
            await Answer(http, e.StatusCode, tooLarge ? "body_too_large" : "malformed", sentence);
        }
        catch (OutcomeUnknownException e)
        {
            LogUnknownOutcome(http.Request.Method, http.Request.Path, (e.InnerException ?? e).Message);
            Reply.SetRetryAfter(http);
            await Answer(http, StatusCodes.Status503ServiceUnavailable, "outcome_unknown", e.Message);
        }
        catch (FlushFailedException e)
        {
            LogFlushFailed(e);
            Reply.SetRetryAfter(http);
            await Answer(http, StatusCodes.Status503ServiceUnavailable, "not_flushed", e.Message);
        }
        catch (BankClosedException e)
        {
            Reply.SetRetryAfter(http);
            await Answer(http, StatusCodes.Status503ServiceUnavailable, "bank_closed", e.Message);
        }
        catch (AccountSetAsideException e)
        {
            await Answer(http, StatusCodes.Status503ServiceUnavailable, "account_set_aside", e.Message);
        }
        catch (Exception e) when (IsForNow(e))
        {
            LogUnavailable(http.Request.Method, http.Request.Path, e.Message);
            Reply.SetRetryAfter(http);
            await Answer(http, StatusCodes.Status503ServiceUnavailable, "unavailable", "The bank can't answer this now. Try again.");
        }
        catch (Exception e)
        {
            LogDefect(e, http.Request.Method, http.Request.Path);
            await Answer(http, StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong here. If this was a change, retry it with the same idempotency key.");
        }
    }

    // A connection that is aborted fails what reads and writes it in several ways, some before the request is told.
    private static bool IsCutOff(Exception e, HttpContext http) =>
        e.InnerException is ConnectionAbortedException
        || (e is OperationCanceledException or IOException or ObjectDisposedException && http.RequestAborted.IsCancellationRequested);

    // A part is away: a silo that died in the middle of the call, a storage that can't be read.
    private static bool IsForNow(Exception e) => e is OrleansException or TimeoutException or StorageReadFailedException;

    private static Task Answer(HttpContext http, int status, string code, string sentence)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        return http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? Reply.Problem(http, status, code, sentence)
            : Reply.Message(http, status, sentence);
    }

    // Without stack traces: while a part is away these come by the thousand, and say nothing new.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: whether it was done is not known. {Reason}")]
    private partial void LogUnknownOutcome(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} could not be answered. {Reason}")]
    private partial void LogUnavailable(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lake was not flushed.")]
    private partial void LogFlushFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogDefect(Exception exception, string method, string path);
}
