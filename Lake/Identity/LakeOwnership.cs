namespace Banking.Lake.Identity;

/// <summary>Makes sure that a lake belongs to this bank before anything is written into it.</summary>
internal sealed class LakeOwnership(ILakeIdentity lake, IBankIdentity? bank)
{
    /// <exception cref="LakeOfAnotherBankException">The lake belongs to another bank.</exception>
    /// <exception cref="LakeIdentityException">The lake's identity can't be used.</exception>
    /// <exception cref="BankUnknownException">It is not known yet which bank this is.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (bank is { BankId: null }) throw new BankUnknownException();
        try
        {
            var mine = bank?.BankId;
            var identity = await lake.ClaimAsync(mine, cancellationToken);
            if (mine is not null && identity.BankId is { } its && its != mine)
            {
                throw new LakeOfAnotherBankException(identity.LakeId, its, mine);
            }
        }
        catch (InvalidDataException e)
        {
            throw new LakeIdentityException(e.Message);
        }
    }
}

/// <summary>It is not known yet whose events the lake would take; it will be in a moment.</summary>
internal sealed class BankUnknownException() : IOException(
    "It is not known yet which bank this is: storage is being compared with the log.");
