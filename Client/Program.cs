using Banking.Client;

return await BankingCommand.RunAsync(args, Terminal.OfProcess());
