using Banking.Accounts;
using Banking.Gate;
using Banking.Silo.Lake;
using Banking.Storage;
using Microsoft.AspNetCore.Connections;

namespace Banking.Silo.Http;

/// <summary>
/// Turns what a handler throws into a reply. Anything but the known failures is a defect: it is logged, and answered with 500 without
/// details.
/// </summary>
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
            // Nobody is left to be answered.
        }
        catch (UnknownEncodingException)
        {
            http.Response.Headers.AcceptEncoding = Compression.Taken;
            await AnswerAsync(http, Problems.UnknownEncoding);
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(http, ProblemOf(e));
        }
        catch (OutcomeUnknownException e)
        {
            LogUnknownOutcome(http.Request.Method, http.Request.Path, (e.InnerException ?? e).Message);
            Reply.SetRetryAfter(http);
            await AnswerAsync(http, Problems.OutcomeUnknown);
        }
        catch (FlushFailedException e)
        {
            LogFlushFailed(e);
            Reply.SetRetryAfter(http);
            await AnswerAsync(http, Problems.NotFlushed with { Sentence = e.Message });
        }
        catch (BankClosedException e)
        {
            Reply.SetRetryAfter(http);
            await AnswerAsync(http, Problems.BankClosed with { Sentence = e.Message });
        }
        catch (AccountSetAsideException e)
        {
            await AnswerAsync(http, Problem.Of(ActionCode.AccountSetAside) with { Sentence = e.Message });
        }
        catch (Exception e) when (IsForNow(e))
        {
            LogUnavailable(http.Request.Method, http.Request.Path, e.Message);
            Reply.SetRetryAfter(http);
            await AnswerAsync(http, Problems.Unavailable);
        }
        catch (Exception e)
        {
            LogDefect(e, http.Request.Method, http.Request.Path);
            await AnswerAsync(http, Problems.InternalError);
        }
    }

    private static Problem ProblemOf(BadHttpRequestException e) =>
        e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.BodyTooLarge : Problems.Malformed with { Status = e.StatusCode };

    // An aborted connection makes reads and writes fail in several ways, some before the request is notified.
    private static bool IsCutOff(Exception e, HttpContext http) =>
        e.InnerException is ConnectionAbortedException
        || (e is OperationCanceledException or IOException or ObjectDisposedException && http.RequestAborted.IsCancellationRequested);

    // A part is unavailable for now: a silo that died in the middle of the call, or a storage that can't be read.
    private static bool IsForNow(Exception e) => e is OrleansException or TimeoutException or StorageReadFailedException;

    private static Task AnswerAsync(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        return NoSuchRoute.AnswerAsync(http, problem);
    }

    // Without stack traces: while a part is unavailable these come by the thousand, and say nothing new.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: whether it was done is not known. {Reason}")]
    private partial void LogUnknownOutcome(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} could not be answered. {Reason}")]
    private partial void LogUnavailable(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lake was not flushed.")]
    private partial void LogFlushFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogDefect(Exception exception, string method, string path);
}
