using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;

namespace Banking.Tidy.Tests.Layers;

/// <summary>The tokens in a method's instructions (ECMA-335, partition III).</summary>
internal static class MethodBody
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => unchecked((ushort)o.Value), o => o.OperandType);

    /// <summary>Tokens of types, methods and fields, in order; strings and bare signatures are left out.</summary>
    public static IEnumerable<int> Tokens(ImmutableArray<byte> code)
    {
        for (var at = 0; at < code.Length;)
        {
            ushort operation = code[at++];
            if (operation == 0xFE) operation = (ushort)(0xFE00 | code[at++]);
            var operand = Operands[operation];
            if (operand is OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                yield return Number(code, at);
            }
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * Number(code, at),
                _ => 4,
            };
        }
    }

    private static int Number(ImmutableArray<byte> code, int at) => BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at, 4));
}
