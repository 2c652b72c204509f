using System.Diagnostics;
using System.Globalization;
using Banking.Simulations.Tests.Processes;

namespace Banking.Simulations.Tests.Moves;

/// <summary>A silo as a process of its own: this program, started as <see cref="MovingSiloProgram"/>.</summary>
internal sealed class MovingSilo : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<MovingSilo, string> _said;
    private Process? _pause;

    /// <param name="said">Called for every line of its output, one after another for one silo.</param>
    public MovingSilo(MovingSiloSettings settings, Action<MovingSilo, string> said)
    {
        (Name, _said) = (settings.Name, said);
        var start = new ProcessStartInfo(
            Path.ChangeExtension(typeof(MovingSilo).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
                { "-explicit", "only", "-method", $"{typeof(MovingSiloProgram).FullName}.{nameof(MovingSiloProgram.Run_UntilStopped)}" },
        };
        ShortLife.Prepare(start);
        settings.PutInto(start.Environment);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Returns when it is a member of its cluster.</summary>
    public async Task WaitUntilReady(CancellationToken cancellationToken)
    {
        var ended = _process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(_ready.Task, ended).WaitAsync(MaxWait, cancellationToken);
        Assert.True(_ready.Task.IsCompleted, $"Silo {Name} ended at its start.");
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> Stop(CancellationToken cancellationToken)
    {
        Signals.Terminate(_process.Id);
        return WaitUntilEnded(cancellationToken);
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public Task<int> Kill(CancellationToken cancellationToken)
    {
        _process.Kill();
        return WaitUntilEnded(cancellationToken);
    }

    /// <summary>Returns the exit code.</summary>
    public async Task<int> WaitUntilEnded(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(MaxWait, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>
    /// SIGSTOP: the process stands still, its connections stay. By a shell that lets it go on when this process is gone: a process that
    /// stands can't see that.
    /// </summary>
    public async Task Pause(CancellationToken cancellationToken)
    {
        var id = _process.Id.ToString(CultureInfo.InvariantCulture);
        _pause = Process.Start(new ProcessStartInfo("sh", ["-c", "kill -STOP $0 && echo paused; read _; kill -CONT $0", id])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("paused", await _pause.StandardOutput.ReadLineAsync(cancellationToken));
    }

    /// <summary>SIGCONT.</summary>
    public async Task Resume(CancellationToken cancellationToken)
    {
        _pause!.StandardInput.Close();
        await _pause.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, _pause.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_pause is null) return;
        _pause.StandardInput.Close();
        await _pause.WaitForExitAsync();
        _pause.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        _said(this, text);
        if (text.Contains("Application started", StringComparison.Ordinal)) _ready.TrySetResult();
    }
}
