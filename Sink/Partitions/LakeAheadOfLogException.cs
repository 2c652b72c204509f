using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Sink.Partitions;

/// <summary>
/// The lake says that records are in it which the log does not have: the log lost its end, or is another one under the same id.
/// Going on would drop new records as known ones.
/// </summary>
public sealed class LakeAheadOfLogException(ChainId chain, long lakeNext, long logNext)
    : LakeRefusalException($"The lake covers {chain} up to offset {lakeNext - 1}, but the log ends at {logNext - 1}. "
        + "The log lost its end, or an older copy of it was put back. Nothing is written until the log, or the lake, is the right one; "
        + "'Client repair' says what is missing and how to go on.");
