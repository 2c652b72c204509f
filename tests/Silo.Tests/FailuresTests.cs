using Banking.Silo.Http;
using Banking.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Silo.Tests;

/// <summary>What is thrown becomes a status that says whose fault it is and whether to try again.</summary>
public sealed class FailuresTests
{
    public static TheoryData<Exception> OfPartsThatAreAway =>
        [new StorageReadFailedException("The file can't be read."), new SiloUnavailableException(), new TimeoutException()];

    [Theory]
    [MemberData(nameof(OfPartsThatAreAway), DisableDiscoveryEnumeration = true)]
    public async Task Invoke_WhenAPartIsAway_AsksToTryAgain(Exception failure)
    {
        var http = await Invoke(failure);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, http.Response.StatusCode);
        Assert.NotEmpty(http.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task Invoke_WhenThereIsADefect_Answers500()
    {
        var http = await Invoke(new InvalidOperationException("A defect."));

        Assert.Equal(StatusCodes.Status500InternalServerError, http.Response.StatusCode);
    }

    private static async Task<HttpContext> Invoke(Exception failure)
    {
        var http = new DefaultHttpContext { Request = { Path = "/v1/assets", Method = "GET" } };
        await new Failures(_ => throw failure, NullLogger<Failures>.Instance).InvokeAsync(http);
        return http;
    }
}
