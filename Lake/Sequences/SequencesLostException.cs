using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Lake.Sequences;

/// <summary>Nobody can tell any more which events a table has: a person has to decide.</summary>
internal sealed class SequencesLostException(string table, ChainId chain) : LakeRefusalException(
    $"No save of {table}, {chain}, in _sequences can be read, and files that it would be made anew from were cleaned away after a "
        + "compaction. Restore one of the saves; nothing of the partition is taken in until then.");
