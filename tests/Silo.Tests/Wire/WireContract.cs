using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Configuration;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.TypeSystem;
using Orleans.Services;

namespace Banking.Silo.Tests.Wire;

/// <summary>What silos say to each other, to clients and to storage, as a text: blocks of lines, ordered by names.</summary>
internal sealed class WireContract
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly IServiceProvider _services;
    private readonly IReadOnlyCollection<Assembly> _product;
    private readonly WireNames _names;

    private WireContract(IServiceProvider services, IReadOnlyCollection<Assembly> product)
    {
        _services = services;
        _product = product;
        _names = new WireNames(services.GetRequiredService<TypeConverter>(), product);
    }

    /// <param name="services">Of a silo that knows the assemblies.</param>
    public static string Of(IServiceProvider services, IReadOnlyCollection<Assembly> product)
    {
        var contract = new WireContract(services, product);
        string[] blocks =
        [
            .. contract.Interfaces().Order(StringComparer.Ordinal), .. contract.Grains().Order(StringComparer.Ordinal),
            .. contract.Types().Order(StringComparer.Ordinal), .. contract.Enums().Order(StringComparer.Ordinal),
        ];
        return string.Join('\n', blocks);
    }

    private IEnumerable<Type> All => _product.SelectMany(assembly => assembly.GetTypes());

    /// <summary>Interfaces whose methods are called from afar.</summary>
    private IEnumerable<string> Interfaces()
    {
        var resolver = _services.GetRequiredService<GrainInterfaceTypeResolver>();
        var calls = All.Where(type => type.IsAssignableTo(typeof(IInvokable)) && !type.IsAbstract)
            .Select(type => (IInvokable)Activator.CreateInstance(type, nonPublic: true)!)
            .ToLookup(call => call.GetInterfaceType());
        foreach (var type in All.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable))))
        {
            // A grain service is found by a hash of its interface's full name, whatever its alias.
            var found = type.IsAssignableTo(typeof(IGrainService)) ? $"grain service, found by the name {type.FullName}" : Key(type);
            var lines = calls[type].Select(Method).Order(StringComparer.Ordinal);
            yield return Block($"interface {resolver.GetGrainInterfaceType(type)}: {found}", lines);
        }
    }

    private static string Key(Type type) =>
        type.GetInterfaces().Where(i => i.Namespace == "Orleans" && i.Name.StartsWith("IGrainWith", StringComparison.Ordinal))
            .Select(i => i.Name).Single();

    private string Method(IInvokable call)
    {
        var method = call.GetMethod();
        var parameters = method.GetParameters().Select(parameter => $"{_names.OfMember(parameter.ParameterType)} {parameter.Name}");
        var result = method.ReturnType.IsGenericType ? " -> " + _names.Of(method.ReturnType.GetGenericArguments()[0]) : "";
        var options = call is RequestBase request ? request.Options.ToString() : "";
        return $"{_names.Of(call.GetType())} ({string.Join(", ", parameters)}){result}; {options}";
    }

    /// <summary>What a silo tells the others about its grains, without what is only for people; and where they keep their state.</summary>
    private IEnumerable<string> Grains()
    {
        var manifest = _services.GetRequiredService<IClusterManifestProvider>().LocalGrainManifest;
        var classes = All.ToLookup(type => type.FullName);
        foreach (var (grain, told) in manifest.Grains)
        {
            if (classes[told.Properties[WellKnownGrainTypeProperties.FullTypeName]].SingleOrDefault() is not { } type) continue;
            var properties = told.Properties.Where(property => IsForOthers(property.Key))
                .Select(property => $"{property.Key} = {property.Value}");
            var served = told.Properties.Where(property => IsInterface(property.Key)).Select(property => $"serves {property.Value}");
            var states = type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
                .Select(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>()).OfType<PersistentStateAttribute>()
                .Select(state => $"state {state.StateName} in {state.StorageName}");
            yield return Block($"grain {grain}", properties.Concat(served).Concat(states).Order(StringComparer.Ordinal));
        }
    }

    private static bool IsInterface(string property) =>
        property.StartsWith(WellKnownGrainTypeProperties.ImplementedInterfacePrefix, StringComparison.Ordinal);

    // Names of classes are for people, and the most workers are a number of the machine's.
    private static bool IsForOthers(string property) =>
        property is not (WellKnownGrainTypeProperties.TypeName or WellKnownGrainTypeProperties.FullTypeName or "max-local-instances")
        && !property.StartsWith("diag.", StringComparison.Ordinal) && !IsInterface(property);

    private IEnumerable<string> Types()
    {
        var manifest = _services.GetRequiredService<IOptions<TypeManifestOptions>>().Value;
        foreach (var type in Arguments(manifest.Serializers, typeof(IFieldCodec<>), typeof(IBaseCodec<>)).Distinct())
        {
            if (!type.IsAssignableTo(typeof(IInvokable))) yield return Block($"type {_names.Of(type)}: {Kind(type)}", Members(type));
        }

        // The wire has the name of the type, and the members of what it is converted to.
        foreach (var converter in manifest.Converters.Where(_names.IsProduct))
        {
            var (type, surrogate) = converter.GetInterfaces().Where(i => IsOne(i, typeof(IConverter<,>)))
                .Select(i => (i.GetGenericArguments()[0], i.GetGenericArguments()[1])).Single();
            yield return Block($"type {_names.Of(type)}: converted to {_names.Of(surrogate)}", []);
        }
    }

    private string Kind(Type type)
    {
        if (type.IsEnum) return "enum of " + _names.Of(type.GetEnumUnderlyingType());
        if (type.IsValueType) return "struct";
        return type.BaseType == typeof(object) ? "class" : "class, after " + _names.Of(type.BaseType!);
    }

    // The names are no more on the wire than the types' places are, but without them nobody would see that two members changed places.
    private IEnumerable<string> Members(Type type) =>
        type.IsEnum
            ? Values(type)
            : type.GetMembers(Declared)
                .Select(member => (Member: member, Id: member.GetCustomAttribute<IdAttribute>()?.Id)).Where(one => one.Id is not null)
                .OrderBy(one => one.Id)
                .Select(one => string.Create(
                    CultureInfo.InvariantCulture, $"{one.Id}: {_names.OfMember(TypeOf(one.Member))} {one.Member.Name}"));

    private static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    private IEnumerable<string> Enums() =>
        _names.NamelessEnums
            .Select(type => Block($"enum {type.Name}: {_names.Of(type.GetEnumUnderlyingType())}, as a number only", Values(type)));

    private static IEnumerable<string> Values(Type type) =>
        Enum.GetValues(type).Cast<object>().Select(value => $"{Convert.ToInt64(value, CultureInfo.InvariantCulture)}: {value}");

    private IEnumerable<Type> Arguments(IEnumerable<Type> implementations, params Type[] definitions) =>
        from implementation in implementations
        where _names.IsProduct(implementation)
        from one in implementation.GetInterfaces()
        where definitions.Any(definition => IsOne(one, definition))
        select one.GetGenericArguments()[0];

    private static bool IsOne(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static string Block(string head, IEnumerable<string> lines)
    {
        var block = new StringBuilder(head).Append('\n');
        foreach (var line in lines) block.Append("  ").Append(line.TrimEnd()).Append('\n');
        return block.ToString();
    }
}
