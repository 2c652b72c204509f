using Banking.Client.Querying.Output;
using Banking.Client.Typing;

namespace Banking.Client.Tests.Querying.Output;

public sealed class TableFitTests
{
    [Fact]
    public void Of_WhenItFits_ThenEveryColumnIsAsWideAsItsWidestText()
    {
        var fit = Fit(80, ["name", "n"], [false, true], ["漢字", "12345"], ["ab", "1"]);

        Assert.Equal([4, 5], fit.Widths);
        Assert.Equal((2, 0, false), (fit.Left, fit.Right, fit.Cut));
    }

    [Fact]
    public void Of_WhenTextsAreTooLong_ThenTheLongestAreCutAndNumbersAreNot()
    {
        var fit = Fit(50, ["a", "n", "b"], [false, true, false], [new string('x', 100), "123456789012345", "short"]);

        Assert.Equal([20, 15, 5], fit.Widths);
        Assert.Equal((3, true), (fit.Left, fit.Cut));
        Assert.Equal(["Long texts are cut (…); --expanded shows them whole."], fit.Notices(["a", "n", "b"]));
    }

    [Fact]
    public void Of_WhenColumnsAreTooMany_ThenThoseInTheMiddleAreLeftOut()
    {
        string[] names = [.. Enumerable.Range(0, 25).Select(i => $"column_{i:D2}")];
        var fit = Fit(80, names, new bool[25], [.. names.Select(_ => "a text of 20 letters")]);

        Assert.Equal((3, 2, 20), (fit.Left, fit.Right, fit.Hidden));
        Assert.Equal([0, 1, 2, 23, 24], fit.Columns);
        Assert.StartsWith("20 of 25 columns are not shown (column_03, ", fit.Notices(names).First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(200)]
    [InlineData(1_000)]
    public void Draw_WhateverTheWidth_ThenNoLineIsLonger(int width)
    {
        string[] names = [.. Enumerable.Range(0, 25).Select(i => $"column_{i:D2}")];
        List<string[]> rows = [[.. names.Select((_, i) => new string('漢', i * 3))], [.. names.Select((_, i) => new string('x', i))]];
        var fit = TableFit.Of(names, new bool[25], rows, width);

        var lines = TableText.Draw(names, new bool[25], rows, fit).Split('\n');

        // Below that there is no room for a column.
        Assert.All(lines, line => Assert.InRange(Cells.Of(line), 0, Math.Max(width, 18)));
        Assert.Single(lines[..^1].Select(Cells.Of).Distinct());
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("漢字漢", 5, "漢字…")]
    [InlineData("漢字漢", 4, "漢…")]
    [InlineData("👩🏽‍🚀x", 1, "…")]
    public void Cut_Always_FitsItsCells(string text, int most, string cut) => Assert.Equal(cut, Cells.Cut(text, most));

    private static TableFit Fit(int width, string[] names, bool[] numeric, params string[][] rows) =>
        TableFit.Of(names, numeric, [.. rows], width);
}
