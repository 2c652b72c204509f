using System.CommandLine;
namespace Banking.Client.Verifying;

internal static class VerifyCommand { public static Command Create(Terminal terminal) => new("verify", terminal.ToString()); }
