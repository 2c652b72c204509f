using System.Security.Cryptography;
using System.Text;
using Banking.Streaming.Log;
using CsCheck;

namespace Banking.Streaming.Tests.Log;

public sealed class RecordCutTests
{
    private static readonly LogHeader[] Added = [new("dead-letter-reason", "It can't be read."u8.ToArray())];

    [Fact]
    public void Fit_WhenTheRecordFits_ThenItIsWholeAndSaysNothing()
    {
        var record = new NewLogRecord("key"u8.ToArray(), new byte[100], [new LogHeader("trace", "1"u8.ToArray())]);

        var fit = RecordCut.Fit(record, Added, 16_384);

        Assert.Equal(record.Value, fit.Value);
        Assert.Equal(["trace", "dead-letter-reason"], fit.Headers.Select(header => header.Name));
    }

    [Fact]
    public void Fit_WhenTheValueIsTooLarge_ThenItsBeginningStaysWithLengthAndHash()
    {
        var value = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();

        var fit = RecordCut.Fit(new NewLogRecord("key"u8.ToArray(), value, []), Added, 16_384);

        Assert.Equal(value[..fit.Value.Length], fit.Value.ToArray());
        Assert.InRange(fit.Value.Length, 15_000, 16_384);
        var sentence = RecordCut.SentenceOf(Read(fit));
        Assert.Contains(
            $"of 100000 bytes of the value (SHA-256 {Convert.ToHexStringLower(SHA256.HashData(value))})", sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WhateverTheRecordIs_ThenTheResultFitsAndKeepsWhatIsAdded() =>
        Gen.Select(Gen.Int[0, 40_000], Gen.Int[0, 40_000], Gen.Int[0, 2_000], Gen.Int[0, 40_000], Gen.Int[16_384, 50_000])
            .Sample((key, value, headers, header, max) =>
            {
                var own = Enumerable.Repeat(new LogHeader("h", new byte[headers == 0 ? 0 : header / headers]), headers).ToArray();
                var record = new NewLogRecord(new byte[key], new byte[value], own);

                var fit = RecordCut.Fit(record, Added, max);

                Assert.True(RecordCut.SizeOf(fit) <= max);
                Assert.Contains(Added[0], fit.Headers);
                var isWhole = fit.Key.Length == key && fit.Value.Length == value && fit.Headers.Count == headers + 1;
                Assert.Equal(isWhole, !RecordCut.IsCut(Read(fit)));
            });

    [Fact]
    public void SentenceOf_WhenAStrangerWroteTheHeader_ThenAnyBytesAreTaken()
    {
        var record = new LogRecord(
            0, 0, default, default, [new LogHeader(RecordCut.HeaderName, Enumerable.Repeat((byte)0xff, 100_000).ToArray())]);

        Assert.True(RecordCut.IsCut(record));
        Assert.InRange(Encoding.UTF8.GetByteCount(RecordCut.SentenceOf(record)!), 0, 2_000);
    }

    private static LogRecord Read(NewLogRecord record) => new(0, 0, record.Key, record.Value, record.Headers);
}
