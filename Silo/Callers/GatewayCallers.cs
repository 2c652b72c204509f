using System.Collections.Concurrent;
using System.Reflection;
using Banking.Callers;
using Banking.Silo.Settings;

namespace Banking.Silo.Callers;

/// <summary>
/// Keeps Orleans clients to the grains that are for them, and says on whose behalf they call. Whoever has a client's certificate is a
/// game's server, whatever it says of itself: it may say for which player it acts, but not that it is an operator, unless the settings let
/// it. Calls of silos are not looked at. Thread-safe.
/// </summary>
/// <remarks>
/// Orleans shows a filter who sent a call, but nothing of the connection. So a certificate's usages can't be asked for here.
/// </remarks>
internal sealed class GatewayCallers(AuthSettings settings) : IIncomingGrainCallFilter
{
    /// <summary>The only one of Orleans' own that a client needs: it tells which grains there are. Its type is not public.</summary>
    private const string Manifest = "Orleans.Runtime.IClusterManifestSystemTarget";

    private readonly ConcurrentDictionary<MethodInfo, ForClientsAttribute?> _methods = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (!ClientCalls.IsFromOutside(context.SourceId)) return context.Invoke();
        var rule = _methods.GetOrAdd(context.InterfaceMethod, RuleOf)
            ?? throw new UnauthorizedAccessException("This grain is the bank's own, and not for Orleans clients.");
        if (!settings.IsSet) return context.Invoke();
        var caller = CallerOf(Caller.Current, context.SourceId!.Value, settings.GatewayOperators);
        if (rule.OperatorsOnly && caller.Role != CallerRole.Operator)
        {
            throw new UnauthorizedAccessException(
                "Only an operator may do this through a gateway: Banking:Auth:GatewayOperators of the silo lets clients call as one.");
        }

        Caller.Current = caller;
        return context.Invoke();
    }

    private static ForClientsAttribute? RuleOf(MethodInfo method) =>
        method.GetCustomAttribute<ForClientsAttribute>()
        ?? method.DeclaringType!.GetCustomAttribute<ForClientsAttribute>()
        ?? (method.DeclaringType!.FullName == Manifest ? new ForClientsAttribute() : null);

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
