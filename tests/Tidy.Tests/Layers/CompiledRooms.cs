namespace Banking.Tidy.Tests.Layers;

/// <summary>The product's assemblies, as they were built beside these tests.</summary>
internal static class CompiledRooms
{
    public static IEnumerable<string> Names { get; } = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        .Select(f => Path.GetFileNameWithoutExtension(f)!)
        .Where(
            n => (n.StartsWith("Banking.", StringComparison.Ordinal) || n == "banking") && !n.EndsWith(".Tests", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .ToList();

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");
}
