using Banking.Silo.Hosting;
using Banking.Silo.Settings;

if (CommandLine.AnswerTo(args) is { } answer)
{
    await Console.Out.WriteLineAsync(answer);
    return 0;
}

try
{
    await using var app = BankingApplication.Create(args);
    BackgroundService[] background = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
    var lifetime = app.Lifetime;
    try
    {
        await app.RunAsync();
    }
    catch (OperationCanceledException) when (
        lifetime.ApplicationStopping.IsCancellationRequested && !lifetime.ApplicationStarted.IsCancellationRequested)
    {
        // The silo was stopped while it still waited for another part, and it has acknowledged nothing.
        return Environment.ExitCode;
    }

    if (BackgroundFaults.SentenceOf(background) is not { } fault) return Environment.ExitCode;
    await Console.Error.WriteLineAsync(fault);
    return BackgroundFaults.ExitCode;
}
catch (Exception e) when (StartFaults.SentenceOf(e) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return 1;
}
