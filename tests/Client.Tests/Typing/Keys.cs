using Banking.Client.Typing;

namespace Banking.Client.Tests.Typing;

/// <summary>Presses keys as a person would.</summary>
internal static class Keys
{
    public static ConsoleKeyInfo Of(ConsoleKey key, ConsoleModifiers modifiers = 0) => new(
        (char)0,
        key,
        modifiers.HasFlag(ConsoleModifiers.Shift),
        modifiers.HasFlag(ConsoleModifiers.Alt),
        modifiers.HasFlag(ConsoleModifiers.Control));

    public static ConsoleKeyInfo Ctrl(ConsoleKey letter) => new((char)(letter - ConsoleKey.A + 1), letter, false, false, true);

    public static Keyboard Press(this Keyboard keyboard, params ConsoleKey[] keys)
    {
        foreach (var key in keys) keyboard.Press(Of(key));
        return keyboard;
    }

    public static Keyboard Type(this Keyboard keyboard, string text)
    {
        foreach (var c in text) keyboard.Press(c == '\n' ? Of(ConsoleKey.Enter) : new ConsoleKeyInfo(c, 0, false, false, false));
        return keyboard;
    }
}
