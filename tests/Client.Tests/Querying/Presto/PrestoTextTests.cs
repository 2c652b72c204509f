using System.Text.Json;
using Banking.Client.Engines;
using Banking.Client.Engines.Presto;

namespace Banking.Client.Tests.Querying.Presto;

public sealed class PrestoTextTests
{
    private static readonly PrestoType Double = Type("double");
    private static readonly PrestoType Decimal = Type("decimal");
    private static readonly PrestoType Varchar = Type("varchar");

    [Theory]
    [InlineData("boolean", "true", "true")]
    [InlineData("bigint", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("decimal", "\"12345678901234567890123456789012345.678\"", "12345678901234567890123456789012345.678")]
    [InlineData("decimal", "\"-0.05\"", "-0.05")]
    [InlineData("double", "1.0E300", "1E+300")]
    [InlineData("double", "0.1", "0.1")]
    [InlineData("double", "500.0", "500.0")]
    [InlineData("double", "-0.0", "-0.0")]
    [InlineData("double", "123456789012345680.0", "1.2345678901234568E+17")]
    [InlineData("real", "1.6777216E7", "16777216.0")]
    [InlineData("double", "5e-324", "5E-324")]
    [InlineData("real", "0.33333334", "0.33333334")]
    public void Of_WhenNumber_ThenALiteralWithAllItsDigits(string type, string json, string text) =>
        Assert.Equal(new QueryValue(ValueKind.Literal, text), Of(json, Type(type)));

    [Theory]
    [InlineData("varchar", "it's \"so\" \\u00e4", "it's \"so\" ä")]
    [InlineData("double", "NaN", "NaN")]
    [InlineData("double", "-Infinity", "-Infinity")]
    [InlineData("real", "Infinity", "Infinity")]
    [InlineData("date", "2026-11-24", "2026-11-24")]
    [InlineData("timestamp", "2026-11-24 01:02:03.004", "2026-11-24T01:02:03.004")]
    [InlineData("timestamp", "2026-11-24 01:02:03.450", "2026-11-24T01:02:03.45")]
    [InlineData("timestamp", "2026-11-24 00:00:00.000", "2026-11-24T00:00:00")]
    [InlineData("timestamp", "-0044-03-15 10:00:00.000", "-0044-03-15T10:00:00")]
    [InlineData("timestamp with time zone", "2026-11-24 01:02:03.000 UTC", "2026-11-24T01:02:03Z")]
    [InlineData("timestamp with time zone", "2026-11-24 01:02:03.000 +01:00", "2026-11-24T01:02:03+01:00")]
    [InlineData("timestamp with time zone", "2026-11-24 01:02:03.000 Europe/Berlin", "2026-11-24T01:02:03 Europe/Berlin")]
    [InlineData("time", "10:20:30.000", "10:20:30")]
    [InlineData("varbinary", "Cv8=", "0aff")]
    [InlineData("varbinary", "", "")]
    [InlineData("interval day to second", "3 00:00:00.000", "P3D")]
    [InlineData("interval day to second", "0 01:00:00.500", "PT1H0.5S")]
    [InlineData("interval day to second", "-1 00:00:01.000", "P-1DT-1S")]
    [InlineData("interval year to month", "1-2", "P14M")]
    [InlineData("interval year to month", "-0-3", "P-3M")]
    public void Of_WhenText_ThenIsoAndExact(string type, string text, string expected) =>
        Assert.Equal(
            new QueryValue(ValueKind.Text, expected), Of($"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"", Type(type)));

    [Theory]
    [InlineData("timestamp", "2026-11-24 01:02:03.004", "2026-11-24T10:02:03.004+09:00")]
    [InlineData("timestamp", "-0044-03-15 10:00:00.000", "-0044-03-15T10:00:00")]
    [InlineData("timestamp", "9999-12-31 23:59:59.999", "9999-12-31T23:59:59.999Z")]
    [InlineData("timestamp with time zone", "2026-11-24 01:02:03.000 UTC", "2026-11-24T10:02:03+09:00")]
    [InlineData("timestamp with time zone", "2026-11-24 01:02:03.450 -03:30", "2026-11-24T13:32:03.45+09:00")]
    [InlineData("timestamp with time zone", "2026-07-24 01:02:03.000 Europe/Berlin", "2026-07-24T08:02:03+09:00")]
    [InlineData("date", "2026-11-24", "2026-11-24")]
    public void Of_WhenAZoneIsAskedFor_ThenMomentsAreItsLocalTimeWithTheOffset(string type, string text, string expected) =>
        Assert.Equal(
            new QueryValue(ValueKind.Text, expected), Of(
                $"\"{text}\"", Type(type), new TimeText(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"))));

    [Fact]
    public void Of_WhenNull_ThenNull() => Assert.Equal(QueryValue.Null, Of("null", Varchar));

    [Theory]
    [InlineData("""["1.50",null]""")]
    [InlineData("""
        "[ \"1.50\", null ]"
        """)]
    public void Of_WhenArray_ThenJsonHoweverItWasSent(string sent) => Assert.Equal(Json("[1.50,null]"), Of(sent, Type("array", Decimal)));

    [Theory]
    [InlineData("""{"NaN":"a","1.0":null}""")]
    [InlineData("""
        "{\n  \"NaN\" : \"a\",\n  \"1.0\" : null\n}"
        """)]
    public void Of_WhenMap_ThenItsKeysAreValuesToo(string sent) =>
        Assert.Equal(Json("""{"NaN":"a","1.0":null}"""), Of(sent, Type("map", Double, Varchar)));

    [Theory]
    [InlineData("""[[1.0],"[x"]""")]
    [InlineData("""
        "[ \"[ 1.0 ]\", \"[x\" ]"
        """)]
    public void Of_WhenRowHoldsARow_ThenObjectsOfTheirFields(string sent)
    {
        var inner = new PrestoType("row", [Double], ["y"]);

        Assert.Equal(Json("""{"x":{"y":1.0},"text":"[x"}"""), Of(sent, new PrestoType("row", [inner, Varchar], ["x", "text"])));
    }

    [Fact]
    public void Of_WhenRowHasNoNames_ThenAnArray() =>
        Assert.Equal(Json("""[1.0,"x"]"""), Of("""[1,"x"]""", new PrestoType("row", [Double, Varchar], [null, null])));

    [Theory]
    [InlineData("[1, null]", "[1,null]")]
    [InlineData("{\"a\": \"ä\"}", "{\"a\":\"ä\"}")]
    public void Of_WhenTypeIsNotTold_ThenTheJsonAsItIs(string sent, string expected) =>
        Assert.Equal(Json(expected), Of(sent, PrestoType.Unknown));

    [Theory]
    [InlineData("double", "\"much\"")]
    [InlineData("varbinary", "\"%\"")]
    [InlineData("interval day to second", "\"soon\"")]
    public void Of_WhenValueIsNotOfItsType_ThenThrows(string type, string sent) =>
        Assert.Throws<FormatException>(() => Of(sent, Type(type)));

    private static PrestoType Type(string name, params PrestoType[] arguments) => new(name, [.. arguments], []);

    private static QueryValue Json(string text) => new(ValueKind.Json, text);

    private static QueryValue Of(string json, PrestoType type, TimeText? times = null)
    {
        using var document = JsonDocument.Parse(json.Trim());
        return new PrestoText(times ?? TimeText.Utc).Of(document.RootElement, type);
    }
}
