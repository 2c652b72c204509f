using System.Text;
using Banking.Lake.Columns;
using Banking.Lake.Sequences;
using CsCheck;

namespace Banking.Sink.Tests.Sequences;

public sealed class SequenceSaveTests
{
    private static readonly DateOnly Day = new(2026, 11, 23);

    [Fact]
    public void TryDecode_WhenEncoded_ThenTheMapIsTheSame() => Gen.Dictionary(Gen.String, Gen.Long[1, long.MaxValue]).Sample(
        expected =>
        {
            // Lone surrogates are no UTF-8 and would meet in one key.
            var numbers = expected.Where(pair => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(pair.Key)) == pair.Key).ToDictionary();
            using var map = Map(numbers);
            using var copy = new SequenceMap();

            Assert.True(SequenceSave.TryDecode(SequenceSave.Encode(map, 41, Day), copy, out var end, out var day));

            Assert.Equal((41, Day, numbers.Count), (end, day, copy.Count));
            Assert.All(
                Enumerable.Range(0, copy.Count), i => Assert.Equal(numbers[Encoding.UTF8.GetString(copy.Account(i))], copy.Durable(i)));
        },
        iter: 500);

    [Fact]
    public void TryDecode_WhenAnyByteIsWrongOrMissing_ThenRefusesAndLeavesTheMap()
    {
        using var map = Map(new() { ["alice"] = 5, ["bob"] = 7 });
        var save = SequenceSave.Encode(map, 41, Day);
        using var copy = new SequenceMap();

        for (var i = 0; i < save.Length; i++)
        {
            var wrong = save.ToArray();
            wrong[i] ^= 0x40;
            Assert.False(SequenceSave.TryDecode(wrong, copy, out _, out _));
            Assert.False(SequenceSave.TryDecode(save.AsSpan(0, i), copy, out _, out _));
        }

        Assert.Equal(0, copy.Count);
    }

    [Fact]
    public void Encode_WhenARowIsNotDurableYet_ThenItsNumberIsNotSaved()
    {
        using var map = new SequenceMap();
        map.Observe("a"u8, 3);
        map.Accept("a"u8, 4);
        map.Accept("b"u8, 1);
        using var copy = new SequenceMap();

        SequenceSave.TryDecode(SequenceSave.Encode(map, 0, Day), copy, out _, out _);

        Assert.Equal((1, 3), (copy.Count, copy.Durable(0)));
    }

    [Fact]
    public void Accept_WhenNumbersComeInAnyOrder_ThenTheHighestIsTheLast() => Gen.Select(Gen.Int[0, 20], Gen.Long[1, 50]).Array.Sample(
        rows =>
        {
            using var map = new SequenceMap();
            var model = new Dictionary<int, long>();
            foreach (var (account, sequence) in rows)
            {
                var name = Encoding.UTF8.GetBytes($"account-{account}");
                Assert.Equal(model.GetValueOrDefault(account), map.Last(name, Utf8Dictionary.Hash(name)));
                map.Accept(name, sequence);
                model[account] = Math.Max(sequence, model.GetValueOrDefault(account));
            }
        },
        iter: 1000);

    [Fact]
    public void Bytes_WhenThereAreManyAccounts_ThenEachCostsUnderEightyBytes()
    {
        using var map = new SequenceMap();
        for (var i = 0; i < 100_000; i++) map.Observe(Encoding.UTF8.GetBytes($"account-{i:D8}"), i);

        Assert.InRange(map.Bytes / map.Count, 16, 80);
    }

    private static SequenceMap Map(Dictionary<string, long> numbers)
    {
        var map = new SequenceMap();
        foreach (var (account, sequence) in numbers) map.Observe(Encoding.UTF8.GetBytes(account), sequence);
        return map;
    }
}
