namespace Banking.Silo.Hosting;

/// <summary>
/// The policy for what runs in the background: each service handles the failures that it knows of, says them and goes on; anything else is
/// a defect, and ends the process loudly: the host says which service failed and stops in order, the drain included, and the exit code is
/// not zero, so that a supervisor starts it anew.
/// </summary>
internal static class BackgroundFaults
{
    /// <summary>EX_SOFTWARE of sysexits.h.</summary>
    public const int ExitCode = 70;

    /// <summary>A sentence on what ended one of the services, and so the process; null if nothing did.</summary>
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
