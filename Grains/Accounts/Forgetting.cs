using System.Runtime.InteropServices;

namespace Banking.Accounts;

/// <summary>What an account keeps of results that it forgets.</summary>
/// <param name="holding">True while callers may ask again for what a crash undid: forgotten times are ranges, which would refuse
/// them.</param>
/// <param name="crowded">True if the account has so many hashes that ids with a time get none.</param>
internal struct Forgetting(ForgottenTimes times, bool holding, bool crowded)
{
    /// <summary>
    /// How far ahead, in milliseconds, a client's clock may be for the times of its ids to be kept in place of hashes. Times further ahead
    /// would make the account refuse what others send by a correct clock.
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
