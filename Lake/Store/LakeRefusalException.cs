namespace Banking.Lake.Store;

/// <summary>
/// The lake takes nothing, or nothing more, of a partition until a person decides; the message is a sentence for that person.
/// </summary>
public abstract class LakeRefusalException(string message) : Exception(message);
