namespace Banking.Silo.Starting;

/// <summary>Something outside the program keeps it from starting; the message is the sentence for the person who started it.</summary>
public sealed class StartException : Exception
{
    public StartException(string message)
        : base(message)
    {
    }

    public StartException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
