using Banking.Accounts;
using Banking.Markets;

namespace Banking.Silo.Cluster;

/// <summary>
/// Holds back answers of accounts and markets while the silo can't prove that it is still a member. They would rest on what the silo has in
/// memory, and another silo may have answered from something newer. The check comes after the answer was made: what is proved then was up
/// to date when it was read.
/// </summary>
internal sealed class ProvenAnswers(MembershipProof proof) : IIncomingGrainCallFilter
{
    /// <summary>A new proof comes every second.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1.5);

    public Task Invoke(IIncomingGrainCallContext context) =>
        context.Grain is IAccountGrain or IMarketGrain or IExchangeGrain or IPriceBoardGrain
            ? InvokeProvenAsync(context)
            : context.Invoke();

    private async Task InvokeProvenAsync(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (!proof.Holds && !await proof.WaitAsync(Bound)) throw new MembershipUnprovenException();
    }
}

/// <summary>The silo has an answer that may be older than another silo's. A retry with the same action id is safe.</summary>
[GenerateSerializer, Alias("banking.membership-unproven")]
public sealed class MembershipUnprovenException() : OrleansException(
    "The silo can't prove that it is still a member of its cluster: what it would answer may be old.");
