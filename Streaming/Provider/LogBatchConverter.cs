using System.Buffers;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Provider;

/// <summary>A batch on its way between silos: the records packed into one run of bytes.</summary>
[GenerateSerializer, Alias("banking.streaming.log-batch")]
internal struct LogBatchSurrogate
{
    [Id(0)] public string Provider;
    [Id(1)] public StreamId Stream;
    [Id(2)] public int Partition;
    [Id(3)] public int Count;
    [Id(4)] public byte[] Packed;
    [Id(5)] public byte[] Context;
}

[RegisterConverter]
internal sealed class LogBatchConverter(IServiceProvider services) : IConverter<LogBatchContainer, LogBatchSurrogate>
{
    public LogBatchContainer ConvertFromSurrogate(in LogBatchSurrogate surrogate)
    {
        var records = new LogRecord[surrogate.Count];
        var position = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var offset = (long)RecordBlock.ReadNumber(surrogate.Packed, ref position);
            var timestamp = (long)RecordBlock.ReadNumber(surrogate.Packed, ref position);
            records[i] = RecordBlock.Read(surrogate.Packed, ref position, offset, timestamp);
        }

        var decoding = services.GetRequiredKeyedService<StreamDecoding>(surrogate.Provider);
        return new LogBatchContainer(decoding, surrogate.Stream, surrogate.Partition, records, surrogate.Context);
    }

    public LogBatchSurrogate ConvertToSurrogate(in LogBatchContainer value)
    {
        var packed = new ArrayBufferWriter<byte>(64 * 1024);
        foreach (ref readonly var record in value.Records.AsSpan())
        {
            RecordBlock.WriteNumber(packed, (ulong)record.Offset);
            RecordBlock.WriteNumber(packed, (ulong)record.Timestamp);
            RecordBlock.Write(packed, record.Key.Span, record.Value.Span, record.Headers);
        }

        return new LogBatchSurrogate
        {
            Provider = value.Decoding.Provider,
            Stream = value.StreamId,
            Partition = value.Partition,
            Count = value.Records.Length,
            Packed = packed.WrittenSpan.ToArray(),
            Context = value.Context.ToArray(),
        };
    }
}
