using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>A set of action codes; their numbers are below 64.</summary>
internal readonly record struct CodeSet(ulong Bits)
{
    public static implicit operator CodeSet(ActionCode code) => new(1UL << (int)code);

    public static CodeSet operator |(CodeSet left, CodeSet right) => new(left.Bits | right.Bits);

    public bool Contains(ActionCode code) => (Bits >> (int)code & 1) != 0;

    public override string ToString()
    {
        var set = this;
        return string.Join(" or ", Enum.GetValues<ActionCode>().Where(code => set.Contains(code)).Select(ActionCodes.NameOf));
    }
}
