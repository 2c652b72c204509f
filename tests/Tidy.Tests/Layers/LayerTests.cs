namespace Banking.Tidy.Tests.Layers;

/// <summary>Inside a room no folder depends on one that depends on it: read from the compiled types.</summary>
public sealed class LayerTests
{
    public static TheoryData<string> Rooms => [.. CompiledRooms.Names];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Folder_Never_DependsOnOneThatDependsOnIt(string room)
    {
        using var types = new CompiledTypes(CompiledRooms.PathOf(room));
        var uses = types.Uses().Where(u => u.User.Namespace != u.Used.Namespace).ToLookup(u => (u.User.Namespace, u.Used.Namespace));
        var folders = uses.ToLookup(u => u.Key.Item1, u => u.Key.Item2);

        var cycles = Cycles.Of(folders.Select(f => f.Key), f => folders[f]);

        Assert.True(cycles.Count == 0, string.Join('\n', cycles.Select(c => string.Join(" <-> ", c) + string.Concat(
            from u in uses
            where c.Contains(u.Key.Item1) && c.Contains(u.Key.Item2)
            select $"\n  {u.Key.Item1} -> {u.Key.Item2}: "
                + $"{string.Join(", ", u.Distinct().Take(10).Select(t => $"{t.User.Name} uses {t.Used.Name}"))}"))));
    }
}
