using Banking.Silo.Hosting;

try
{
    await using var app = BankingApplication.Create(args);
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (StartFaults.SentenceOf(e) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return 1;
}
