namespace Banking.Silo.Hosting;

/// <summary>
/// The policy for background services. Each service handles the failures that it knows, reports them and goes on. Anything else is a defect
/// and ends the process visibly: the host says which service failed and stops in order, including the drain. The exit code is not zero, so
/// that a supervisor restarts the process.
/// </summary>
internal static class BackgroundFaults
{
    /// <summary>EX_SOFTWARE from sysexits.h.</summary>
    public const int ExitCode = 70;

    /// <summary>A sentence about what ended one of the services, and so the process; null if nothing did.</summary>
    public static string? SentenceOf(IEnumerable<BackgroundService> services)
    {
        foreach (var service in services)
        {
            if (service.ExecuteTask is { IsFaulted: true, Exception: { } fault })
                return $"The silo has ended, as {service.GetType().Name} failed: {fault.InnerException ?? fault}";
        }

        return null;
    }
}
