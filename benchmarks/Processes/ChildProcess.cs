using System.ComponentModel;
using System.Diagnostics;

namespace Banking.Benchmarks.Processes;

/// <summary>One of the built programs, or another one, as a process; it ends with this object at the latest.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int LinesKept = 200;
    private readonly Process _process;
    private readonly Queue<(string Line, long At)> _output = new();

    private ChildProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines of what it printed.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join(Environment.NewLine, _output.Select(line => line.Line));
        }
    }

    /// <summary>
    /// When it first printed a line with some text in it, as of <see cref="Stopwatch.GetTimestamp"/>; null if none of its last lines has
    /// it.
    /// </summary>
    public long? FirstSaid(string text)
    {
        lock (_output)
        {
            foreach (var (line, at) in _output)
            {
                if (line.Contains(text, StringComparison.Ordinal)) return at;
            }

            return null;
        }
    }

    /// <param name="assembly">Lies beside this program.</param>
    public static ChildProcess Start(string assembly, params string[] arguments)
    {
        // Standard input is a pipe from this process: its end tells a peer that this process is gone.
        var start =
            new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new ChildProcess(start);
    }

    /// <param name="program">Found as a shell would find it.</param>
    /// <param name="environment">Variables that it has besides those of this process.</param>
    /// <exception cref="BenchmarkFailedException">There is no such program.</exception>
    public static ChildProcess StartProgram(string program, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start =
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true
            };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            return new ChildProcess(start);
        }
        catch (Win32Exception missing)
        {
            throw new BenchmarkFailedException($"{program} can't be started: {missing.Message}");
        }
    }

    /// <summary>Waits for its end and for the rest of its output.</summary>
    /// <exception cref="BenchmarkFailedException">It ended with another code than 0.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode != 0) throw new BenchmarkFailedException($"A process ended with code {_process.ExitCode}:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_output)
        {
            _output.Enqueue((line.Data, Stopwatch.GetTimestamp()));
            if (_output.Count > LinesKept) _output.Dequeue();
        }
    }
}
