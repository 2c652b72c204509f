namespace Banking.Storage.Hosting;

/// <summary>Stops the silo's start on a setting that can't work, with a sentence that names it.</summary>
internal sealed class GroupCommitOptionsValidator(GroupCommitOptions options, string database, string name) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        if (options.Problem() is { } problem) throw new OrleansConfigurationException($"{database} grain storage '{name}': {problem}.");
    }
}
