namespace Banking.Client.Playing;

/// <summary>What a player can do with an account, in the order in which it is offered.</summary>
internal enum Wish
{
    Deposit,
    Withdraw,
    Buy,
    Sell,
    Close,
    PlayAnother,
    Leave,
}
