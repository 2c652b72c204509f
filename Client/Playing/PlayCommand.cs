using System.CommandLine;
namespace Banking.Client.Playing;

internal static class PlayCommand { public static Command Create(Terminal terminal) => new("play", terminal.ToString()); }
