using System.Buffers;
using System.Text;
using System.Text.Json;
using Banking.Events;

namespace Banking.Grains.Tests.Events;

/// <summary>The bank's records in a topic that an earlier build wrote.</summary>
public sealed class BaselineRecordsTests
{
    [Fact]
    public void Record_OfTheBaseline_IsReadAndWrittenToTheByte()
    {
        var records = Records().ToList();

        Assert.NotEmpty(records);
        foreach (var record in records)
        {
            var happened = GameEventJson.Read(Encoding.UTF8.GetBytes(record));
            var written = new ArrayBufferWriter<byte>();
            GameEventJson.Write(happened, written);
            Assert.Equal(record, Encoding.UTF8.GetString(written.WrittenSpan));
        }
    }

    private static IEnumerable<string> Records()
    {
        using var stream = typeof(BaselineRecordsTests).Assembly.GetManifestResourceStream("baseline-records.jsonl")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("headers", out var headers)
                && headers.EnumerateArray().Any(name => name.GetString() == EventSource.Header))
                yield return json.RootElement.GetProperty("payload").GetString()!;
        }
    }
}
