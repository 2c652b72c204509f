using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Sink.Partitions;

/// <summary>The log no longer has records that the lake lacks, and the policy is that a person decides.</summary>
public sealed class LostOffsetsException(ChainId chain, long first, long last)
    : LakeRefusalException(
        $"{chain}: the log no longer has the offsets {first} to {last}, and the lake lacks them: retention took them, or the log lost its "
            + "beginning. "
        + "Nothing is taken in. To go on without them, set the policy for lost offsets (Banking:Log:LostOffsets) to Continue.");
