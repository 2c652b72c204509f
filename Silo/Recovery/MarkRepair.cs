using System.Globalization;
using Banking.Repair;

namespace Banking.Silo.Recovery;

/// <summary>
/// Makes the database go on with a log that lost records which the database had noted, or with another lake. Those notes are removed, so
/// that the next check compares it with the whole log. Accounts keep what they did; only the lake may still have the events that the log
/// lost. Thread-safe.
/// </summary>
internal sealed class MarkRepair(BankCheck check) : IRepairPart
{
    private const string Remedy =
        "A repair has the database go on with this log, in half a minute: accounts keep all that they did, "
        + "and every event that the log has is held against them. What the log lost is in the lake as far as the lake had taken it.";

    private const string LakeRemedy = "A repair has the database take this lake for the bank's. It has what the log still has.";

    public async Task<IReadOnlyList<RepairFinding>> FindAsync(CancellationToken cancellationToken) =>
        Findings(await check.FindStrayMarksAsync(cancellationToken), await check.CompareLakeAsync(cancellationToken), isDone: false);

    public async Task<IReadOnlyList<RepairFinding>> ApplyAsync(CancellationToken cancellationToken)
    {
        var stray = await check.FindStrayMarksAsync(cancellationToken);
        if (stray.Count > 0) await check.ForgetAsync(stray);
        var otherLake = await check.CompareLakeAsync(cancellationToken);
        if (otherLake is not null) await check.ForgetLakeAsync();
        return Findings(stray, otherLake, isDone: true);
    }

    private static List<RepairFinding> Findings(IEnumerable<StrayMark> stray, string? otherLake, bool isDone)
    {
        var findings = stray.Select(mark => new RepairFinding(NameOf(mark), mark.Sentence, Remedy, CanMend: true, isDone)).ToList();
        if (otherLake is not null) findings.Add(new RepairFinding("database-lake", otherLake, LakeRemedy, CanMend: true, isDone));
        return findings;
    }

    private static string NameOf(StrayMark mark) => string.Create(CultureInfo.InvariantCulture, $"database-p{mark.Partition:000}");
}
