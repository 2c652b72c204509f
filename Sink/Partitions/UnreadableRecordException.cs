using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Sink.Partitions;

/// <summary>A record is not an event, and the policy is that nothing behind it is taken in.</summary>
public sealed class UnreadableRecordException(ChainId chain, long offset, string reason)
    : LakeRefusalException(
        $"{chain}: the record at offset {offset} is not an event, and nothing behind it is taken in. {reason} "
        + "To go on, set the policy for unreadable records (Banking:Log:Unreadable) to Skip or DeadLetter.");
