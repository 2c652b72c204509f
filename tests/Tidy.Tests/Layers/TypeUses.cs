using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Banking.Tidy.Tests.Layers;

using Found = ImmutableArray<TypeDefinitionHandle>;

/// <summary>The assembly's own types in a signature, or behind a handle; types of other assemblies are left out.</summary>
internal sealed class TypeUses(MetadataReader reader) : ISignatureTypeProvider<Found, object?>
{
    private static Found None => [];

    public Found Of(EntityHandle handle) => handle.IsNil ? None : handle.Kind switch
    {
        HandleKind.TypeDefinition => [(TypeDefinitionHandle)handle],
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
        HandleKind.MethodDefinition => [reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()],
        HandleKind.FieldDefinition => [reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()],
        HandleKind.MemberReference => Of(reader.GetMemberReference((MemberReferenceHandle)handle)),
        HandleKind.MethodSpecification => Of(reader.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => None,
    };

    public Found Of(CustomAttributeHandleCollection attributes) =>
        [.. attributes.SelectMany(a => Of(reader.GetCustomAttribute(a).Constructor))];

    public Found Of(GenericParameter parameter) =>
        [.. parameter.GetConstraints().SelectMany(c => Of(reader.GetGenericParameterConstraint(c).Type))];

    public Found GetTypeFromDefinition(MetadataReader _, TypeDefinitionHandle handle, byte rawTypeKind) => [handle];

    public Found GetTypeFromReference(MetadataReader _, TypeReferenceHandle handle, byte rawTypeKind) => None;

    public Found GetTypeFromSpecification(MetadataReader _, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        Of(handle);

    public Found GetGenericInstantiation(Found type, ImmutableArray<Found> arguments) => [.. type, .. arguments.SelectMany(a => a)];

    public Found GetFunctionPointerType(MethodSignature<Found> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(p => p)];

    public Found GetModifiedType(Found modifier, Found type, bool isRequired) => [.. modifier, .. type];

    public Found GetArrayType(Found element, ArrayShape shape) => element;

    public Found GetByReferenceType(Found element) => element;

    public Found GetPinnedType(Found element) => element;

    public Found GetPointerType(Found element) => element;

    public Found GetSZArrayType(Found element) => element;

    public Found GetPrimitiveType(PrimitiveTypeCode code) => None;

    public Found GetGenericMethodParameter(object? context, int index) => None;

    public Found GetGenericTypeParameter(object? context, int index) => None;

    private Found Of(MemberReference member) =>
    [
        .. Of(member.Parent),
        .. member.GetKind() == MemberReferenceKind.Field
            ? member.DecodeFieldSignature(this, null)
            : Of(member.DecodeMethodSignature(this, null)),
    ];

    private Found Of(MethodSpecification method) => [.. Of(method.Method), .. method.DecodeSignature(this, null).SelectMany(a => a)];

    private static Found Of(MethodSignature<Found> signature) => [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(p => p)];
}
