namespace Banking.Client.Verifying;

/// <summary>An invariant that does not hold.</summary>
/// <param name="Broken">What must hold and does not.</param>
/// <param name="Examples">The first of <paramref name="Count"/>.</param>
internal sealed record Finding(string Broken, long Count, IReadOnlyList<string> Examples);

/// <param name="Summary">What was looked at.</param>
internal sealed record Verdict(string Summary, IReadOnlyList<Finding> Findings);
