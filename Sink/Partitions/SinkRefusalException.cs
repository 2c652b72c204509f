namespace Banking.Sink.Partitions;

/// <summary>The sink takes nothing, or nothing more, of a partition until a person decides; the message is a sentence for that person.</summary>
public abstract class SinkRefusalException(string message) : Exception(message);
