using Banking.Callers;

namespace Banking.Events;

/// <summary>
/// What happened, as it goes to the log. An account's event carries its identity (<see cref="EventId"/>, <see cref="AccountId"/>,
/// <see cref="SequenceNumber"/>); an inquiry changes no state and has none of the three.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.game-event")]
public sealed record GameEvent
{
    /// <summary>One of <see cref="EventTypes"/>.</summary>
    [Id(0)] public required string EventType { get; init; }

    /// <summary>The old pipeline's text, e.g. <c>tpeters 200.0</c>; null for events that had none there.</summary>
    [Id(1)] public string? Description { get; init; }

    [Id(2)] public RequestOrigin? Origin { get; init; }

    /// <summary><c>account/{id}/{sequence}</c>.</summary>
    [Id(3)] public string? EventId { get; init; }

    [Id(4)] public string? AccountId { get; init; }

    /// <summary>Counted from 1 for each account, without gaps, also across deletion and reopening.</summary>
    [Id(5)] public long? SequenceNumber { get; init; }

    [Id(6)] public string? ActionId { get; init; }

    /// <summary>When the account decided, UTC, in whole milliseconds.</summary>
    [Id(7)] public DateTimeOffset OccurredAt { get; init; }

    [Id(8)] public string? AssetName { get; init; }

    [Id(9)] public string? AssetType { get; init; }

    [Id(10)] public long? Quantity { get; init; }

    /// <summary>The price of one unit in the trade, 6 decimal places.</summary>
    [Id(11)] public decimal? UnitPrice { get; init; }

    /// <summary>Money moved by the action, positive, 2 decimal places. For a deletion: the cash paid out with it.</summary>
    [Id(12)] public decimal? Amount { get; init; }

    /// <summary>The account's cash after the event, 2 decimal places.</summary>
    [Id(13)] public decimal? CashBalance { get; init; }

    /// <summary>
    /// The holder's name, for an opened account. It is in a header of the log's record (<see cref="EventSource.HolderHeader"/>), not in the
    /// event's JSON.
    /// </summary>
    [Id(14)] public string? Holder { get; init; }

    /// <summary>
    /// <see cref="EventSource.FirstNumber"/> if it is more than 1; otherwise 0. It is known when the event is published, and is part of its
    /// record's header, not of its JSON.
    /// </summary>
    [Id(15)] public long FirstNumber { get; init; }

    /// <summary>
    /// Whose the account is from this event on, for one that was opened or given to somebody; null for nobody's. It is in a header of the
    /// log's record (<see cref="EventSource.OwnerHeader"/>), not in the event's JSON.
    /// </summary>
    [Id(16)] public CallerId? Owner { get; init; }
}
