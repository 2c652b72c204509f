namespace Banking.Repair;

/// <summary>A part of the bank that can say what it lacks and repair it. All parts of a silo are asked together. Thread-safe.</summary>
public interface IRepairPart
{
    /// <summary>Says what is missing, and changes nothing.</summary>
    Task<IReadOnlyList<RepairFinding>> FindAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Looks again and repairs what <see cref="FindAsync"/> says can be repaired. The call may be repeated, also after a failure, and two
    /// may run at once.
    /// </summary>
    /// <returns>What was found, and what was done about each finding.</returns>
    Task<IReadOnlyList<RepairFinding>> ApplyAsync(CancellationToken cancellationToken);
}

/// <param name="Part">What it concerns, e.g. <c>log1-p003</c>.</param>
/// <param name="Missing">A sentence saying what is missing.</param>
/// <param name="Remedy">A sentence saying what can be done and where the missing part comes from, or why nothing can be done.</param>
/// <param name="CanMend">Whether a repair can do it.</param>
/// <param name="Done">Whether this one did.</param>
public sealed record RepairFinding(string Part, string Missing, string Remedy, bool CanMend, bool Done);
