using Banking.Events;

namespace Banking.Accounts;

/// <summary>
/// A player's wish to change an account. It is performed at most once per <see cref="ActionId"/>. Each type of action has its own file and
/// is listed in <see cref="ActionTypes"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.account-action")]
public abstract record AccountAction
{
    /// <summary>
    /// Made by the client: 1 to 128 visible ASCII characters. A retry carries the same id and gets the first result. A retry that comes
    /// after the account forgot the result is refused, never run again. The refusal lasts for ever if the id is a UUIDv7, which carries its
    /// time (<see cref="ActionCode.ActionTooOld"/>), and for a day if it is any other id (<see cref="ActionCode.ActionForgotten"/>).
    /// </summary>
    [Id(0)] public required string ActionId { get; init; }

    [Id(1)] public RequestOrigin? Origin { get; init; }
}
