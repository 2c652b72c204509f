using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Native;

/// <summary>
/// The few functions of librdkafka that Confluent.Kafka has no method for, taken from the same library that it has loaded (it picks one of
/// several). With them records come in batches, without five calls and six objects for each. See rdkafka.h.
/// </summary>
internal static unsafe class Librdkafka
{
    public const int NoError = 0;
    public const int PartitionEof = (int)ErrorCode.Local_PartitionEOF;
    public const int OffsetOutOfRange = (int)ErrorCode.OffsetOutOfRange;
    public const int AutoOffsetReset = (int)ErrorCode.Local_AutoOffsetReset;

    // This must be the first field, as the functions are looked up in the library.
    private static readonly IntPtr Library = Find();
    private static readonly PropertyInfo HandleProperty =
        typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingMemberException(nameof(Handle), "LibrdkafkaHandle");

    public static readonly delegate* unmanaged<IntPtr, int, int> Purge = (delegate* unmanaged<IntPtr, int, int>)Export("rd_kafka_purge");
    public static readonly delegate* unmanaged<IntPtr, IntPtr> QueueGetConsumer = (delegate* unmanaged<IntPtr, IntPtr>)Export(
        "rd_kafka_queue_get_consumer");
    public static readonly delegate* unmanaged<IntPtr, void> QueueDestroy = (delegate* unmanaged<IntPtr, void>)Export(
        "rd_kafka_queue_destroy");
    public static readonly delegate* unmanaged<IntPtr, void> QueueYield = (delegate* unmanaged<IntPtr, void>)Export("rd_kafka_queue_yield");
    public static readonly delegate* unmanaged<IntPtr, int, Message*> Consume = (delegate* unmanaged<IntPtr, int, Message*>)Export(
        "rd_kafka_consume_queue");
    public static readonly delegate* unmanaged<IntPtr, int, Message**, nint, nint> ConsumeBatch =
        (delegate* unmanaged<IntPtr, int, Message**, nint, nint>)Export("rd_kafka_consume_batch_queue");

    // These two only read and free memory, so they can skip the switch of the collector's mode.
    public static readonly delegate* unmanaged[SuppressGCTransition]<Message*, int*, long> Timestamp =
        (delegate* unmanaged[SuppressGCTransition]<Message*, int*, long>)Export("rd_kafka_message_timestamp");
    public static readonly delegate* unmanaged<Message*, IntPtr*, int> Headers = (delegate* unmanaged<Message*, IntPtr*, int>)Export(
        "rd_kafka_message_headers");
    public static readonly delegate* unmanaged[SuppressGCTransition]<IntPtr, nint, byte**, byte**, nint*, int> HeaderAt =
        (delegate* unmanaged[SuppressGCTransition]<IntPtr, nint, byte**, byte**, nint*, int>)Export("rd_kafka_header_get_all");
    public static readonly delegate* unmanaged<Message*, void> Destroy = (delegate* unmanaged<Message*, void>)Export(
        "rd_kafka_message_destroy");

    /// <summary>The client itself, <c>rd_kafka_t</c>; alive while a reference is held.</summary>
    public static SafeHandle HandleOf(Handle client) => (SafeHandle)HandleProperty.GetValue(client)!;

    private static IntPtr Export(string function) => NativeLibrary.GetExport(Library, function);

    private static IntPtr Find()
    {
        // Asking for the version loads the library.
        _ = Confluent.Kafka.Library.Version;
        using var process = Process.GetCurrentProcess();
        var module = process.Modules.Cast<ProcessModule>()
            .FirstOrDefault(module => module.ModuleName.Contains("librdkafka", StringComparison.OrdinalIgnoreCase));
        return NativeLibrary.Load(module?.FileName ?? throw new DllNotFoundException("librdkafka is not loaded."));
    }

    /// <summary><c>rd_kafka_message_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        public int Error;
        public IntPtr Topic;
        public int Partition;
        public byte* Payload;
        public nint Length;
        public byte* Key;
        public nint KeyLength;
        public long Offset;
        public IntPtr Opaque;
    }
}
