using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Banking.Tidy.Tests.Layers;

/// <summary>
/// Which types of an assembly use which, read from what the compiler wrote: bases, interfaces, members' signatures, attributes and bodies.
/// A nested type counts as the one around it, the compiler's own (closures, iterators) too.
/// </summary>
internal sealed class CompiledTypes : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly TypeUses _uses;

    public CompiledTypes(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
        _uses = new TypeUses(_reader);
        Assembly = _reader.GetString(_reader.GetAssemblyDefinition().Name);
    }

    public string Assembly { get; }

    /// <summary>The assemblies that this one was compiled against and uses.</summary>
    public IEnumerable<string> References => _reader.AssemblyReferences
        .Select(a => _reader.GetString(_reader.GetAssemblyReference(a).Name));

    /// <summary>Each use of a type of this assembly by another one of it.</summary>
    public IEnumerable<(TypeName User, TypeName Used)> Uses()
    {
        foreach (var handle in _reader.TypeDefinitions)
        {
            var user = NameOf(handle);
            if (IsGenerated(user)) continue;
            foreach (var used in UsedBy(_reader.GetTypeDefinition(handle)).Distinct().Select(NameOf).Distinct())
                if (used != user && !IsGenerated(used)) yield return (user, used);
        }
    }

    public void Dispose() => _file.Dispose();

    // Helpers of the compiler and of source generators have no place in a folder.
    private static bool IsGenerated(TypeName type) =>
        type.Name.StartsWith('<') || type.Namespace.StartsWith("OrleansCodeGen", StringComparison.Ordinal) || type.Namespace.EndsWith(
            ".Generated", StringComparison.Ordinal);

    private TypeName NameOf(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        while (type.GetDeclaringType() is { IsNil: false } outer) type = _reader.GetTypeDefinition(outer);
        return new TypeName(_reader.GetString(type.Namespace), _reader.GetString(type.Name));
    }

    private IEnumerable<TypeDefinitionHandle> UsedBy(TypeDefinition type)
    {
        IEnumerable<TypeDefinitionHandle> found = [.. _uses.Of(type.BaseType), .. _uses.Of(type.GetCustomAttributes())];
        foreach (var implemented in type.GetInterfaceImplementations())
            found = found.Concat(_uses.Of(_reader.GetInterfaceImplementation(implemented).Interface));
        foreach (var parameter in type.GetGenericParameters()) found = found.Concat(_uses.Of(_reader.GetGenericParameter(parameter)));
        foreach (var field in type.GetFields().Select(_reader.GetFieldDefinition))
            found = found.Concat(field.DecodeSignature(_uses, null)).Concat(_uses.Of(field.GetCustomAttributes()));
        foreach (var property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            found = found.Concat(_uses.Of(property.GetCustomAttributes()));
        }
        foreach (var method in type.GetMethods().Select(_reader.GetMethodDefinition)) found = found.Concat(UsedBy(method));
        return found;
    }

    private IEnumerable<TypeDefinitionHandle> UsedBy(MethodDefinition method)
    {
        var signature = method.DecodeSignature(_uses, null);
        IEnumerable<TypeDefinitionHandle> found =
            [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(p => p), .. _uses.Of(method.GetCustomAttributes())];
        foreach (var parameter in method.GetGenericParameters()) found = found.Concat(_uses.Of(_reader.GetGenericParameter(parameter)));
        if (method.RelativeVirtualAddress == 0) return found;

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            found = found.Concat(_reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_uses, null).SelectMany(l => l));
        found = found.Concat(body.ExceptionRegions.SelectMany(r => _uses.Of(r.CatchType)));
        return found.Concat(MethodBody.Tokens(body.GetILContent()).SelectMany(t => _uses.Of(MetadataTokens.EntityHandle(t))));
    }
}

/// <summary>A type that stands in a file of its own, by its namespace, which is its folder.</summary>
internal readonly record struct TypeName(string Namespace, string Name);
