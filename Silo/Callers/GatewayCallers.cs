using Banking.Callers;
using Banking.Silo.Settings;

namespace Banking.Silo.Callers;

/// <summary>
/// Says on whose behalf Orleans clients call. Whoever has a client's certificate is a game's server, whatever it says of itself: it may say
/// for which player it acts, but not that it is an operator, unless the settings let it. Calls of silos are not looked at.
/// </summary>
/// <remarks>
/// Orleans shows a filter who sent a call, but nothing of the connection. So a certificate's usages can't be asked for here.
/// </remarks>
internal sealed class GatewayCallers(AuthSettings settings) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (ClientCalls.IsFromOutside(context.SourceId))
            Caller.Current = CallerOf(Caller.Current, context.SourceId!.Value, settings.GatewayOperators);
        return context.Invoke();
    }

    internal static Caller CallerOf(Caller? said, GrainId client, bool mayBeOperator) => said switch
    {
        { Role: CallerRole.Player or CallerRole.Analyst, Id: { } id } when IsId(id) => new Caller(id, said.Role),
        { Role: CallerRole.Operator, Id: { } id } when mayBeOperator && IsId(id) => new Caller(id, said.Role),
        _ => new Caller(new CallerId(CallerId.Gateway, client.Key.ToString()!), CallerRole.Server),
    };

    // Nobody may say that they are a key of the bank.
    private static bool IsId(CallerId id) =>
        CallerId.IsIssuer(id.Issuer) && CallerId.IsSubject(id.Subject) && !id.Issuer.StartsWith("banking:", StringComparison.Ordinal);
}
