using Banking.Silo.Callers;
using Banking.Silo.Http;
using Banking.Silo.Settings;
using Orleans.Dashboard;

namespace Banking.Silo.Cluster;

/// <summary>Orleans' dashboard, for the cluster's operators: silos, grains, calls. It measures calls only while somebody looks.</summary>
internal static class ClusterDashboard
{
    private const string Path = "/dashboard";
    private const string OffSentence = "The dashboard is off: start the silo with --Banking:Cluster:Dashboard true to have it here.";

    /// <summary>A single silo has no cluster to look at, so the dashboard is off unless its settings say otherwise.</summary>
    public static bool IsOn(BankingSettings settings) => settings.Cluster.Dashboard ?? !settings.Embedded.HasStorage;

    public static void AddClusterDashboard(this ISiloBuilder silo, BankingSettings settings)
    {
        // The program's log has its own place, and contains more than an operator's browser should show.
        if (IsOn(settings)) silo.AddDashboard(dashboard => dashboard.HideTrace = true);
    }

    /// <summary>Serves it on the port of the API, but not in the API's description.</summary>
    public static void MapClusterDashboard(this IEndpointRouteBuilder routes, BankingSettings settings)
    {
        if (IsOn(settings)) routes.MapOrleansDashboard(Path).ExcludeFromDescription().RequireAuthorization(Access.Operators);
        else routes.MapGet(Path + "/{**page}", SayItIsOffAsync).ExcludeFromDescription().RequireAuthorization(Access.Operators);
    }

    private static Task SayItIsOffAsync(HttpContext http) => Reply.MessageAsync(http, StatusCodes.Status404NotFound, OffSentence);
}
