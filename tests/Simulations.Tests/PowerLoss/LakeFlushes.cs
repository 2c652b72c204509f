using Banking.Servers.Tracing;

namespace Banking.Simulations.Tests.PowerLoss;

/// <summary>
/// Files of a lake in a folder: flushed before they get their names, and their names, and those of new folders, before somebody relies on
/// them: who removes the staged name, and who says that the rows are in the lake.
/// </summary>
internal static class LakeFlushes
{
    public static IEnumerable<string> Violations(IReadOnlyList<SystemCall> calls)
    {
        SystemCall[] commits =
        [
            .. calls.Where(call => call.Name is "link" or "linkat" or "rename" or "renameat" or "renameat2"
                && call is { Result: 0, Texts.Count: 2 }
                && !IsProbe(call)),
        ];
        foreach (var commit in commits)
        {
            var staged = commit.Texts[0];
            var written = calls.LastOrDefault(call => call.IsWrite && call.File == staged && call.IsBefore(commit));
            if (written is null || !calls.IsFlushed(written, commit))
            {
                yield return $"Line {commit.Began}: {staged} gets its name before its bytes are flushed.";
            }
            var removed = calls
                .FirstOrDefault(call => call.Name is "unlink" or "unlinkat" && call.Texts[0] == staged && commit.IsBefore(call));
            if (removed is not null && !calls.IsFlushed(FolderOf(commit.Texts[1]), commit, removed))
                yield return $"Line {removed.Began}: {staged} is removed before the folder of {commit.Texts[1]} is flushed.";
        }

        foreach (var answer in Answer.Of(calls).Where(answer => answer.IsFlush).Select(answer => answer.Sent))
        {
            foreach (var commit in commits.Where(commit => IsOfRows(commit) && commit.IsBefore(answer)))
            {
                var file = commit.Texts[1];
                foreach (
                    var name in calls.Where(
                        call => call == commit
                            || (call is { Name: "mkdir" or "mkdirat", Result: 0 } && call.IsBefore(commit) && IsIn(file, call.Texts[0]))))
                {
                    if (!calls.IsFlushed(FolderOf(name.Texts[^1]), name, answer))
                        yield return $"Line {answer.Began}: {file} is said to be in the lake before the folder of {name.Texts[^1]} is "
                            + "flushed.";
                }
            }
        }
    }

    // At its start the silo tries whether the file system can commit at all.
    private static bool IsProbe(SystemCall commit) => commit.Texts[0].Contains("/_probe-", StringComparison.Ordinal);

    // What a sink saves for its own restart, from time to time, is not a promise: it can be read from the rows again.
    private static bool IsOfRows(SystemCall commit) => !commit.Texts[1].Contains("/_sequences/", StringComparison.Ordinal);

    private static bool IsIn(string file, string folder) => file.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string FolderOf(string path) => Path.GetDirectoryName(path)!;
}
