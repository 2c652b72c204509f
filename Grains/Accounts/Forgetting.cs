using System.Runtime.InteropServices;

namespace Banking.Accounts;

/// <summary>What remains of results that an account forgets.</summary>
/// <param name="holding">Callers may ask again for what a crash undid: forgotten times, which are ranges, would have them refused.</param>
/// <param name="crowded">The account has so many hashes that ids with a time must do without.</param>
internal struct Forgetting(ForgottenTimes times, bool holding, bool crowded)
{
    /// <summary>
    /// A client's clock may be so far ahead, in milliseconds, that its ids' times can stand for them: later ones would have the account
    /// refuse what others send by a clock that is right.
    /// </summary>
    private const long MaxLead = 1_000;

    private List<ulong>? _keys;

    public ForgottenTimes Times { get; private set; } = times;

    public readonly bool HasKeys => _keys is not null;

    public void Forget(in RememberedAction action)
    {
        if (action.IssuedAt > 0 && (crowded || (!holding && action.IssuedAt <= action.DecidedAt + MaxLead)))
        {
            Times = Times.Add(action.IssuedAt);
        }
        else (_keys ??= []).Add(action.IdLow);
    }

    public readonly byte[]? AppendKeysTo(byte[]? bytes) =>
        _keys is null ? bytes : [.. bytes ?? [], .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_keys))];
}
