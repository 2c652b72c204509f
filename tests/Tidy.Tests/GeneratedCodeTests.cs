using System.Security.Cryptography;

namespace Banking.Tidy.Tests;

/// <summary>Generated code is in step with what it was made from.</summary>
public sealed class GeneratedCodeTests
{
    [Fact]
    public void Generated_Always_IsOfTheInterfaceBesideIt()
    {
        foreach (var sums in Repository.GeneratedFiles("SHA256SUMS"))
        {
            var parts = File.ReadAllText(sums).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var source = Path.Combine(Path.GetDirectoryName(sums)!, "..", parts[1]);
            Assert.True(
                parts[0] == Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source))),
                $"{Repository.Name(source)} was changed after the code was made from it: run ./generate beside it.");
        }
    }

    [Fact]
    public void Generated_Always_HasAChecksum() =>
        Assert.All(
            Repository.GeneratedFiles("*.cs").Select(f => Path.GetDirectoryName(f)!).Distinct(),
            folder => Assert.True(File.Exists(Path.Combine(folder, "SHA256SUMS")), folder));
}
