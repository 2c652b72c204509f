using System.Text.Json;
using Banking.Client.Terminals;

namespace Banking.Client.Verifying;

/// <summary>Reads what <see cref="Loading.Journal"/> wrote.</summary>
internal static class JournalFile
{
    /// <summary>Reads all complete lines. A last line without an end was left by a killed load and is ignored.</summary>
    /// <exception cref="CommandFailedException">The file does not exist, or is not a journal.</exception>
    public static IEnumerable<JournalLine> Read(string path)
    {
        if (!File.Exists(path)) throw new CommandFailedException($"There is no journal {path}.");
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var number = 1;
        for (var line = reader.ReadLine(); line is not null; number++)
        {
            var next = reader.ReadLine();
            if (Parse(line) is { } entry) yield return entry;
            else if (next is not null) throw new CommandFailedException($"Line {number} of {path} is no line of a journal.");
            line = next;
        }
    }

    private static JournalLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, VerifyJson.Default.JournalLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
