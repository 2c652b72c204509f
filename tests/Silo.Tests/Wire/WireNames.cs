using System.Reflection;
using Orleans.Serialization.TypeSystem;

namespace Banking.Silo.Tests.Wire;

/// <summary>
/// Types by the names that they have in messages and in storage: by their alias, wherever they live; without one by their full name and
/// assembly, which a move would change.
/// </summary>
internal sealed class WireNames(TypeConverter converter, IReadOnlyCollection<Assembly> product)
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    private readonly HashSet<Type> _enums = [];

    /// <summary>Enums without an alias that were named so far. A member or a parameter of such a type is only a number.</summary>
    public IReadOnlyCollection<Type> NamelessEnums => _enums;

    public bool IsProduct(Type type) => product.Contains(type.Assembly);

    /// <summary>Of the type of a member or a parameter.</summary>
    public string OfMember(Type type)
    {
        if (!type.IsEnum || !IsProduct(type) || HasAlias(type)) return Of(type);
        _enums.Add(type);
        return type.Name;
    }

    /// <summary>As the wire has it where the name is written.</summary>
    public string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Of(value) + "?";
        if (IsProduct(type)) return converter.Format(type);
        if (!type.IsGenericType) return type.Name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{arguments}>";
    }

    public static bool HasAlias(Type type) => type.GetCustomAttribute<AliasAttribute>() is not null;
}
