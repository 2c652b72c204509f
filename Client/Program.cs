using Banking.Client;
using Banking.Client.Terminals;

return await BankingCommand.RunAsync(args, Terminal.OfProcess());
