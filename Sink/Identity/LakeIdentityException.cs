using Banking.Sink.Partitions;

namespace Banking.Sink.Identity;

/// <summary>What the lake says of itself is damaged, or of a newer version.</summary>
public sealed class LakeIdentityException(string message) : SinkRefusalException($"Nothing is written to the lake: {message}");
