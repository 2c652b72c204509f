using System.Runtime.InteropServices;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Signals to processes by their id (<c>kill(2)</c>).</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    public static void Terminate(int processId) => Assert.Equal(0, Send(processId, SigTerm));

    /// <summary>The process stands still, its connections and locks stay.</summary>
    public static void Stop(int processId) => Assert.Equal(0, Send(processId, SigStop));

    public static void Continue(int processId) => Assert.Equal(0, Send(processId, SigCont));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int processId, int signal);
}
