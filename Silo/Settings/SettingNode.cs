using System.Reflection;

namespace Banking.Silo.Settings;

/// <summary>A setting or a group of them, by its place in the tree of all names. Immutable.</summary>
internal sealed class SettingNode
{
    private readonly Dictionary<string, SettingNode> _children;

    private SettingNode(
        SettingForm? form,
        object? standard,
        IEnumerable<(string Name, SettingNode Node)> children,
        (string Example, SettingNode Node)? each)
    {
        (Form, Standard, Each) = (form, standard, each);
        _children = children.ToDictionary(child => child.Name, child => child.Node, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The form of its value; null for a group.</summary>
    public SettingForm? Form { get; }

    /// <summary>Its default value; null if it has none.</summary>
    public object? Standard { get; }

    /// <summary>For a group that accepts any name: what is below each name, and an example of a name.</summary>
    private (string Example, SettingNode Node)? Each { get; }

    public static SettingNode Leaf(SettingForm form, object? standard = null) => new(form, standard, [], null);

    public static SettingNode Group(params (string Name, SettingNode Node)[] children) => new(null, null, children, null);

    public static SettingNode OfAny(string example, SettingNode node) => new(null, null, [], (example, node));

    /// <summary>The tree below options, with their values as the defaults.</summary>
    /// <param name="only">The names of the properties that are settings; all of them if empty.</param>
    public static SettingNode Of(object options, params string[] only) => OfType(options.GetType(), options, only);

    /// <summary>Null if there is no such setting or group.</summary>
    public SettingNode? Find(string name) => _children.GetValueOrDefault(name) ?? Each?.Node;

    /// <summary>The full names of all settings below this one, in the order of their declaration.</summary>
    public IEnumerable<(string Name, SettingNode Node)> All(string name)
    {
        if (Form is not null) yield return (name, this);
        var children = _children.Select(child => (child.Key, child.Value));
        foreach (var (key, child) in Each is { } each ? children.Append((each.Example, each.Node)) : children)
        {
            foreach (var below in child.All(name.Length == 0 ? key : $"{name}:{key}")) yield return below;
        }
    }

    private static SettingNode OfType(Type type, object? value, params string[] only)
    {
        if (SettingForm.Of(type) is { } form) return Leaf(form, value);

        // The underlying library has its own view of what may be empty.
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
            return OfAny("name", Leaf(SettingForm.Text with { MayBeEmpty = true }));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
            return OfAny("0", OfType(type.GetGenericArguments()[0], null));
        return Group(
            [
                .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(at => only.Length == 0 || only.Contains(at.Name))
                    .Select(at => (at.Name, OfType(at.PropertyType, value is null ? null : at.GetValue(value)))),
            ]);
    }
}
