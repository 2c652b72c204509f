using System.Diagnostics;
using System.Net;
using Banking.Simulations.Tests.Processes;

namespace Banking.Simulations.Tests.Documents;

/// <summary>A silo that a command of the documents started, in the command's place.</summary>
internal sealed class DocumentSilo : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private DocumentSilo(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>It is ready when this returns.</summary>
    public static async Task<DocumentSilo> Start(DocumentShell shell, DocumentBlock block, CancellationToken cancellationToken)
    {
        var silo = new DocumentSilo(shell.Start(block));
        try
        {
            await Eventually.True(() => silo.IsReady(shell.Url, block, cancellationToken), $"a silo is ready: {block}");
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM; it brings everything into the lake, and ends.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        Signals.Terminate(_process.Id);
        await _process.WaitForExitAsync(cancellationToken);
        var said = await _output + await _errors;
        Assert.True(_process.ExitCode == 0, said);
        Assert.Contains("Drained", said, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<bool> IsReady(string url, DocumentBlock block, CancellationToken cancellationToken)
    {
        if (_process.HasExited) Assert.Fail($"{block}\nended with exit code {_process.ExitCode}:\n{await _output}{await _errors}");
        try
        {
            using var answer = await Http.GetAsync(url + "/health/ready", cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }
}
