namespace Banking.Client.Tests.Querying.Presto;

/// <summary>A table with a column of each type that both engines know, beside the lake's own.</summary>
internal static class TypedTable
{
    public const string Name = "every_type";

    /// <summary>As Presto declares them.</summary>
    public const string Columns =
        "n INTEGER, yes BOOLEAN, tiny TINYINT, small SMALLINT, big BIGINT, whole DECIMAL(18,0), money DECIMAL(18,2), price DECIMAL(18,6), "
            + "long_money DECIMAL(38,10),"
        + " ratio DOUBLE, rough REAL, word VARCHAR, bytes VARBINARY, day DATE, moment TIMESTAMP, prices ARRAY(DECIMAL(18,2)), counts "
        + "MAP(VARCHAR, BIGINT),"
        + " nested ROW(a INTEGER, b ROW(c DOUBLE, d VARCHAR)), moments ARRAY(TIMESTAMP), dt VARCHAR";

    private const string Names =
        "n, yes, tiny, small, big, whole, money, price, long_money, ratio, rough, word, bytes, day, moment, prices, counts, nested, "
            + "moments";

    private const string Types =
        "INTEGER, BOOLEAN, TINYINT, SMALLINT, BIGINT, DECIMAL(18,0), DECIMAL(18,2), DECIMAL(18,6), DECIMAL(38,10), DOUBLE, FLOAT, "
            + "VARCHAR, BLOB, DATE, TIMESTAMP_MS,"
        + " DECIMAL(18,2)[], MAP(VARCHAR, BIGINT), STRUCT(a INTEGER, b STRUCT(c DOUBLE, d VARCHAR)), TIMESTAMP_MS[]";

    /// <summary>
    /// Ends of ranges, what has no digits, what must be quoted, and nulls; as DuckDB writes them. Its package reads no list or map that
    /// holds a null.
    /// </summary>
    private static readonly string[] Rows =
    [
        "1, true, 127, 32767, 9223372036854775807, 999999999999999999, 1234567890123456.78, 123456789012.345678, "
            + "1234567890123456789012345678.0123456789, 0.1, 0.1,"
            + " 'it''s \"so\", ä', 'AB\\x00\\xFF', '2026-11-24', '2026-11-24 01:02:03.004', [1.50, 2.00], MAP {'a': 1, 'b': -2}, {'a': 1, "
            + "'b': {'c': 0.5, 'd': 'x'}}, ['2026-11-24 01:02:03']",
        "2, false, -128, -32768, -9223372036854775808, -1, -0.05, 0.000001, -0.0000000001, 'NaN', 'NaN', '', '', '1969-12-31', "
            + "'1969-12-31 23:59:59.999', [], MAP {}, {'a': NULL, 'b': NULL}, []",
        "3, true, 0, 0, 0, 0, 0.00, 0.000000, 0.0000000000, 'Infinity', '-Infinity', E'line\\r\\nend', 'x', '2000-02-29', '2026-11-24 "
            + "00:00:00', [0.00], MAP {'q\"': 5}, {'a': 3, 'b': {'c': '-Infinity', 'd': '\"'}}, ['1970-01-01']",
        "4, true, 1, 1, 1, 1, 1.10, 1.1, 1.1, 1e300, 1e-30, 'null', 'y', '0001-01-01', '2026-03-29 02:30:00.5', [9999999999999999.99], "
            + "MAP {'': 0}, {'a': 4, 'b': {'c': 1e21, 'd': NULL}}, ['2026-03-29 02:30:00.123']",
        "5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
        "6, true, 6, 6, 6, 6, 6, 6, 6, -0.0, 16777216, '[1]', 'z', '9999-12-31', '9999-12-31 23:59:59.999', [6], MAP {'k': 6}, {'a': 6, "
            + "'b': {'c': 6, 'd': '{}'}}, ['2026-11-24 12:00:00.120', '2026-11-24 12:00:00']",
    ];

    /// <summary>A query that gives the rows, with their types.</summary>
    public static string Select()
    {
        var names = Names.Split(", ");
        var types = SplitTypes();
        var typed = string.Join(", ", names.Select((name, i) => $"CAST({name} AS {types[i]}) AS {name}"));
        return string.Join(" UNION ALL ", Rows.Select(row => $"SELECT {typed} FROM (SELECT {row}) AS r({Names})"));
    }

    // At the commas that stand in no bracket.
    private static List<string> SplitTypes()
    {
        List<string> types = [];
        var (depth, start) = (0, 0);
        for (var i = 0; i <= Types.Length; i++)
        {
            if (i == Types.Length || (Types[i] == ',' && depth == 0))
            {
                types.Add(Types[start..i].Trim());
                start = i + 1;
            }
            else depth += Types[i] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return types;
    }
}
