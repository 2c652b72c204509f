using Banking.Events;

namespace Banking.Accounts;

/// <summary>
/// A player's wish to change an account. Performed at most once per <see cref="ActionId"/>. Each type of action has a file of its own, and
/// its place in <see cref="ActionTypes"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.account-action")]
public abstract record AccountAction
{
    /// <summary>
    /// Made by the client, 1 to 128 visible ASCII characters; a retry carries the same one and gets the first result. A retry that comes
    /// after the account forgot the result is refused, never run again: for ever if the id is a UUIDv7, which carries its time
    /// (<see cref="ActionCode.ActionTooOld"/>), for a day if it is any other (<see cref="ActionCode.ActionForgotten"/>).
    /// </summary>
    [Id(0)] public required string ActionId { get; init; }

    [Id(1)] public RequestOrigin? Origin { get; init; }
}
