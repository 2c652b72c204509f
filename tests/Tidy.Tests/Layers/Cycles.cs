namespace Banking.Tidy.Tests.Layers;

/// <summary>Groups of nodes that all depend on each other (Tarjan's strongly connected components, of two nodes and more).</summary>
internal static class Cycles
{
    public static IReadOnlyList<IReadOnlyList<string>> Of(IEnumerable<string> nodes, Func<string, IEnumerable<string>> dependencies)
    {
        Dictionary<string, (int Index, int Low)> seen = [];
        Stack<string> open = [];
        List<IReadOnlyList<string>> found = [];
        foreach (var node in nodes)
            if (!seen.ContainsKey(node)) Visit(node);
        return found;

        int Visit(string node)
        {
            var index = seen.Count;
            seen[node] = (index, index);
            open.Push(node);
            foreach (var next in dependencies(node))
            {
                var low = !seen.TryGetValue(next, out var known) ? Visit(next) : open.Contains(next) ? known.Index : int.MaxValue;
                if (low < seen[node].Low) seen[node] = (index, low);
            }

            if (seen[node].Low != index) return seen[node].Low;
            List<string> group = [];
            do group.Add(open.Pop());
            while (group[^1] != node);
            if (group.Count > 1) found.Add([.. group.Order(StringComparer.Ordinal)]);
            return int.MaxValue;
        }
    }
}
