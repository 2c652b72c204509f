using System.Threading.Channels;

namespace Banking.Client.Typing;

/// <summary>
/// The keys that a person presses, in order and without being shown; those pressed while nobody asks are kept. Ctrl-C is a key like any
/// other, except while something can be interrupted.
/// </summary>
internal sealed class Keyboard
{
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
    private readonly Lock _lock = new();
    private Action? _interrupt;
    private volatile bool _isAwaited;

    /// <summary>Whether more keys were pressed than were read: somebody types ahead, or pastes.</summary>
    public bool HasMore => _keys.Reader.Count > 0;

    /// <summary>All keys were read and followed, and the next one is waited for.</summary>
    public bool IsAwaited => _isAwaited && !HasMore;

    /// <summary>The terminal's keyboard, which is listened to as long as the process lives.</summary>
    public static Keyboard OfConsole()
    {
        Console.TreatControlCAsInput = true;
        var keyboard = new Keyboard();
        new Thread(keyboard.ListenToConsole) { IsBackground = true, Name = "keyboard" }.Start();
        return keyboard;
    }

    public static bool IsCtrl(ConsoleKeyInfo key, ConsoleKey letter) => key.Key == letter && key.Modifiers == ConsoleModifiers.Control;

    /// <returns>The next key; null once the terminal is gone.</returns>
    public async ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken)
    {
        _isAwaited = true;
        while (await _keys.Reader.WaitToReadAsync(cancellationToken))
        {
            _isAwaited = false;
            if (_keys.Reader.TryRead(out var key)) return key;
            _isAwaited = true;
        }

        return null;
    }

    /// <summary>Until the result is disposed, Ctrl-C calls <paramref name="interrupt"/> and drops what was typed ahead.</summary>
    public IDisposable OnInterrupt(Action interrupt)
    {
        lock (_lock) _interrupt = interrupt;
        return new Interruptible(this);
    }

    public void Press(ConsoleKeyInfo key)
    {
        lock (_lock)
        {
            if (_interrupt is null || !IsCtrl(key, ConsoleKey.C))
            {
                _keys.Writer.TryWrite(key);
                return;
            }

            while (_keys.Reader.TryRead(out _)) { }
            _interrupt();
        }
    }

    /// <summary>Notes that no more keys come.</summary>
    public void Close() => _keys.Writer.TryComplete();

    private void ListenToConsole()
    {
        try
        {
            while (true) Press(Console.ReadKey(intercept: true));
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            Close();
        }
    }

    private sealed class Interruptible(Keyboard keyboard) : IDisposable
    {
        public void Dispose()
        {
            lock (keyboard._lock) keyboard._interrupt = null;
        }
    }
}
