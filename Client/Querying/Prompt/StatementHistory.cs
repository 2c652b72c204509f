using System.Text.Json;
using Banking.Client.Engines;

namespace Banking.Client.Querying.Prompt;

/// <summary>
/// The statements that a person ran, oldest first, kept in a file that only that person can read: one JSON string per line, the newest
/// <see cref="Most"/>. Simultaneous sessions add to the same file. If the file can't be written, that is said once, and statements are then
/// kept only in memory.
/// </summary>
internal sealed class StatementHistory
{
    public const int Most = 1_000;
    private const int Longest = 20_000;
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? _file;
    private readonly Action<string> _warn;
    private readonly List<string> _statements = [];
    private int _lines;
    private bool _isKept;

    private StatementHistory(string? file, Action<string> warn) => (_file, _warn, _isKept) = (file, warn, file is not null);

    public IReadOnlyList<string> Statements => _statements;

    /// <param name="folder">The folder of the file; null if nothing is kept after the session.</param>
    /// <param name="warn">Gets a sentence if the file can't be read or written.</param>
    public static StatementHistory Load(string? folder, Action<string> warn)
    {
        var history = new StatementHistory(folder is null ? null : Path.Combine(folder, "query_history"), warn);
        history.Keep(file =>
        {
            if (!File.Exists(file)) return;
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, OwnersOnly);
            var lines = File.ReadAllLines(file);
            history._statements.AddRange(lines.TakeLast(Most).Select(Read).OfType<string>());
            history._lines = lines.Length;
            if (lines.Length > Most) history.Shorten(file);
        });
        return history;
    }

    /// <summary>Adds a statement, unless it repeats the last one.</summary>
    public void Add(string statement)
    {
        if (_statements is [.., var last] && last == statement) return;
        _statements.Add(statement);
        if (_statements.Count > Most) _statements.RemoveAt(0);
        if (statement.Length > Longest) return;
        Keep(file =>
        {
            CreateFolder(Path.GetDirectoryName(file)!);
            using (var writer = new StreamWriter(file, Options(FileMode.Append))) writer.Write(ValueText.Quote(statement) + "\n");
            if (++_lines >= 2 * Most) Shorten(file);
        });
    }

    // Keeps other sessions' lines too. A session that reads meanwhile gets the old file or the new one.
    private void Shorten(string file)
    {
        var newest = File.ReadLines(file).TakeLast(Most).ToArray();
        var draft = file + ".new";
        File.Delete(draft);
        using (var writer = new StreamWriter(draft, Options(FileMode.CreateNew)))
            foreach (var line in newest) writer.Write(line + "\n");
        File.Move(draft, file, overwrite: true);
        _lines = newest.Length;
    }

    private void Keep(Action<string> act)
    {
        if (!_isKept) return;
        try
        {
            act(_file!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _isKept = false;
            _warn($"Statements are not kept for the next session: {failure.Message}");
        }
    }

    // A line left by another program, or by half a write, is not one of ours.
    private static string? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnersOnly | UnixFileMode.UserExecute);
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        // On Windows it is the user's own folder above that nobody else can read.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersOnly;
        return options;
    }
}
