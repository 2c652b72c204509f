using System.Diagnostics;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Programs that live for seconds on cores that others want too.</summary>
internal static class ShortLife
{
    public static void Prepare(ProcessStartInfo start)
    {
        // To profile code and to compile it once more costs a quarter of what such a process takes, and it ends before that pays.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
    }
}
