using System.Diagnostics;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Programs that live for seconds: what profiles their code for later costs more than it brings.</summary>
internal static class ShortLife
{
    public static void Prepare(ProcessStartInfo start) => start.Environment["DOTNET_TieredPGO"] = "0";
}
