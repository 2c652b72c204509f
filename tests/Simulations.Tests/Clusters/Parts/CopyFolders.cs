using System.Globalization;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>Folders for copies, by their numbers; they are made when they are asked for.</summary>
internal sealed class CopyFolders(string root)
{
    public string this[int copy] =>
        Directory.CreateDirectory(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"copy-{copy}"))).FullName;
}
