namespace Banking.Sink;

/// <summary>The stream that the sink reads: its namespace, and one key per partition (the partition's number).</summary>
public static class EventsStream
{
    public const string Namespace = "events";
}
