namespace Banking.Repair;

/// <summary>A part of the bank that can say what it lacks and mend it. All parts of a silo are asked together. Thread-safe.</summary>
public interface IRepairPart
{
    /// <summary>Says what is missing, and changes nothing.</summary>
    Task<IReadOnlyList<RepairFinding>> FindAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Mends what <see cref="FindAsync"/> says can be mended, looked at anew. May be asked again, also after a failure and by two at once.
    /// </summary>
    /// <returns>What was found, and with each what was done.</returns>
    Task<IReadOnlyList<RepairFinding>> ApplyAsync(CancellationToken cancellationToken);
}

/// <param name="Part">What it concerns, e.g. <c>log1-p003</c>.</param>
/// <param name="Missing">What is missing, a sentence.</param>
/// <param name="Remedy">What can be done, and from where it comes back, or why nothing can; a sentence.</param>
/// <param name="CanMend">Whether a repair does it.</param>
/// <param name="Done">Whether this one did.</param>
public sealed record RepairFinding(string Part, string Missing, string Remedy, bool CanMend, bool Done);
