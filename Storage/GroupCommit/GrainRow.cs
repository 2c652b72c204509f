namespace Banking.Storage.GroupCommit;

/// <summary>The identity of a stored state.</summary>
internal readonly record struct GrainRow(string StateName, GrainId GrainId)
{
    public override string ToString() => $"state '{StateName}' of grain '{GrainId}'";
}
