using Banking.Lake.Store;

namespace Banking.Lake.Identity;

/// <summary>What the lake says of itself is damaged, or of a newer version.</summary>
public sealed class LakeIdentityException(string message) : LakeRefusalException($"Nothing is written to the lake: {message}");
