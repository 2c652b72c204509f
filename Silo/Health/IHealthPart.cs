namespace Banking.Silo.Health;

/// <summary>One part of what players and operators rely on, whose state can be asked for.</summary>
internal interface IHealthPart
{
    /// <summary>
    /// What is wrong with it now; nothing if all is well. Bounded in time by the part itself, and never called twice at once.
    /// </summary>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken);
}
