using System.Diagnostics.CodeAnalysis;

namespace Banking.Lake.Tables;

[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "They are types.")]
public enum LakeColumnType
{
    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>32 bits.</summary>
    Integer,

    /// <summary>64 bits.</summary>
    BigInteger,

    /// <summary>Milliseconds, UTC.</summary>
    Timestamp,

    /// <summary>Precision 18.</summary>
    Decimal,
}

/// <summary>A column of a lake table. Every column is nullable.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Source">What fills it.</param>
/// <param name="Scale">Decimal places of a <see cref="LakeColumnType.Decimal"/>.</param>
/// <param name="Repetitive">Whether the column has few distinct values: it is kept and written as a dictionary.</param>
public sealed record LakeColumn(string Name, LakeColumnType Type, EventField Source, int Scale = 0, bool Repetitive = false)
{
    /// <summary>The precision of every decimal column: what fits in 64 bits.</summary>
    public const int DecimalPrecision = 18;

    /// <summary>The column's type as Hive and Presto name it, e.g. <c>decimal(18,2)</c>.</summary>
    public string SqlType => Type switch
    {
        LakeColumnType.Text => "string",
        LakeColumnType.Integer => "int",
        LakeColumnType.BigInteger => "bigint",
        LakeColumnType.Timestamp => "timestamp",
        _ => $"decimal({DecimalPrecision},{Scale})",
    };
}
