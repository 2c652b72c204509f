namespace Banking.Lake.Tables;

/// <summary>Where a column's value comes from: the record itself or one key of the event's JSON.</summary>
public enum EventField
{
    /// <summary>The whole JSON as it was received.</summary>
    RawEvent,

    /// <summary>The record's time in the log.</summary>
    RecordTime,
    Partition,
    Offset,
    EventType,
    Description,
    Accept,
    Host,
    UserAgent,
    ContentLength,
    AcceptEncoding,
    Connection,
    ContentType,
    EventId,
    AccountId,
    SequenceNumber,
    ActionId,
    OccurredAt,
    AssetName,
    AssetType,
    Quantity,
    UnitPrice,
    Amount,
    CashBalance,
}
