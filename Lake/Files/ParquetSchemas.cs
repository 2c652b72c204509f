using Banking.Lake.Tables;
using Parquet.Schema;

namespace Banking.Lake.Files;

/// <summary>The Parquet form of the tables' columns.</summary>
internal static class ParquetSchemas
{
    public static ParquetSchema Of(LakeTable table) => new(table.Columns.Select(Field).ToArray<Field>());

    private static DataField Field(LakeColumn column) => column.Type switch
    {
        LakeColumnType.Text => new DataField(column.Name, typeof(string), isNullable: true),
        LakeColumnType.Integer => new DataField(column.Name, typeof(int), isNullable: true),
        LakeColumnType.BigInteger => new DataField(column.Name, typeof(long), isNullable: true),

        // TIMESTAMP_MILLIS. With DateAndTimeMicros the library writes the column's statistics in milliseconds, and readers that trust
        // them find nothing.
        LakeColumnType.Timestamp => new DateTimeDataField(column.Name, DateTimeFormat.DateAndTime, isNullable: true),
        _ => new DecimalDataField(column.Name, LakeColumn.DecimalPrecision, column.Scale, isNullable: true),
    };
}
