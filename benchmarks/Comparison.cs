using System.Globalization;

namespace Banking.Benchmarks;

/// <summary>What a benchmark ends with.</summary>
internal sealed record Comparison(double Ours, double Peer, string Unit)
{
    public string Line(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} ours={Ours:0.##} peer={Peer:0.##} ratio={Ours / Peer:0.000} unit={Unit}");
}
