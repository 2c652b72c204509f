using System.Runtime.CompilerServices;

namespace Banking.Benchmarks;

/// <summary>What every benchmark is given.</summary>
/// <param name="Duration">How long each part is measured, warm-up not counted.</param>
/// <param name="Folder">Where temporary folders are made: the disk that is measured.</param>
internal sealed record Workbench(TimeSpan Duration, string Folder, TextWriter Out, TimeProvider Time)
{
    /// <summary>Long enough for the hot paths to be compiled for good, short enough for patience.</summary>
    public TimeSpan WarmUp => Duration / 2;

    public void Say(DefaultInterpolatedStringHandler line) => Out.WriteLine(line.ToStringAndClear());

    /// <summary>A new action id, a UUIDv7 as the client makes them.</summary>
    public string NewActionId() => Guid.CreateVersion7(Time.GetUtcNow()).ToString();

    public TemporaryFolder MakeFolder() => new(Folder);

    public Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, Time, cancellationToken);
}
